package office

import (
	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/enroll"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
)

func (d Deps) businessForm(r *request.Request) error {
	m, err := d.shop(r, right.MerchantEdit)
	if err != nil {
		return err
	}
	m.Business.Number = merchant.FormatNumber(m.Business.Number)
	m.Business.Phone = merchant.FormatPhone(m.Business.Phone)
	return r.Render(businessPage(d.page(r, m, "enroll.step.business"), m, nil))
}

func (d Deps) businessSave(r *request.Request) error {
	m, err := d.shop(r, right.MerchantEdit)
	if err != nil {
		return err
	}
	form, err := r.Form()
	if err != nil {
		return err
	}
	values := form.Values()
	typed := merchant.Business{
		Number: values.Get("number"), Name: values.Get("name"), Representative: values.Get("representative"),
		Phone: values.Get("phone"), Email: values.Get("email"),
	}
	if !m.Open() { // these stand: the form does not send them
		typed.Number, typed.Name, typed.Representative = m.Business.Number, m.Business.Name, m.Business.Representative
	}
	cmd := typed
	if _, err := d.Enroll.Save(r.Context(), r.Actor, enroll.SaveCmd{MerchantID: m.ID, Business: &cmd}); err != nil {
		return r.Fail(err, func(p request.Problems) templ.Component {
			page := d.page(r, m, "enroll.step.business")
			m.Business = typed
			return businessPage(page, m, p)
		})
	}
	return onward(r, m, "/business")
}
