package admin

import (
	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// decided says what was done and goes back: to the line after a decision about a registration, which is where the next
// one waits.
func decided(r *request.Request, m merchant.Merchant, key, to string) error {
	r.Flash(ui.Act, key, "Shop", m.Business.Name)
	return r.Redirect(to)
}

func shopOf(r *request.Request) market.MerchantID { return market.MerchantID(r.PathValue("shop")) }

// refused draws the shop again with what was wrong in one of its forms.
func (d Deps) refused(r *request.Request, err error, form, reason string) error {
	p, v, loadErr := d.dossier(r)
	if loadErr != nil {
		return loadErr
	}
	return r.Fail(err, func(problems request.Problems) templ.Component {
		v.Problems, v.Form, v.Reason = problems, form, reason
		return dossierPage(p, v)
	})
}

func (d Deps) merchantApprove(r *request.Request) error {
	m, err := d.Enroll.Approve(r.Context(), r.Actor, shopOf(r))
	if err != nil {
		return d.refused(r, err, "approve", "")
	}
	return decided(r, m, "admin.shop.approved", home)
}

func (d Deps) merchantReturn(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	reason := form.Values().Get("reason")
	m, err := d.Enroll.Return(r.Context(), r.Actor, shopOf(r), reason)
	if err != nil {
		return d.refused(r, err, "return", reason)
	}
	return decided(r, m, "admin.shop.returned", home)
}

func (d Deps) merchantSuspend(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	reason := form.Values().Get("reason")
	m, err := d.Enroll.Suspend(r.Context(), r.Actor, shopOf(r), reason)
	if err != nil {
		return d.refused(r, err, "suspend", reason)
	}
	return decided(r, m, "admin.shop.suspended", home+"/"+string(m.ID))
}

func (d Deps) merchantReinstate(r *request.Request) error {
	m, err := d.Enroll.Reinstate(r.Context(), r.Actor, shopOf(r))
	if err != nil {
		return d.refused(r, err, "reinstate", "")
	}
	return decided(r, m, "admin.shop.reinstated", home+"/"+string(m.ID))
}
