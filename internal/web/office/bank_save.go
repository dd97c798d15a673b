package office

import (
	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

func (d Deps) bankForm(r *request.Request) error {
	m, err := d.shop(r, right.MerchantBankView)
	if err != nil {
		return err
	}
	typed := merchant.Bank{}
	if m.Open() {
		typed = m.Bank
	}
	return r.Render(bankPage(d.page(r, m, "enroll.step.bank"), m, typed, nil))
}

func bankChoices(loc ui.Loc) []ui.Choice {
	var choices []ui.Choice
	for _, code := range merchant.BankCodes() {
		choices = append(choices, ui.Choice{Value: code, Label: loc.T("merchant.bank_" + code)})
	}
	return choices
}

func (d Deps) bankSave(r *request.Request) error {
	m, err := d.shop(r, right.MerchantBank)
	if err != nil {
		return err
	}
	form, err := r.Form()
	if err != nil {
		return err
	}
	values := form.Values()
	typed := merchant.Bank{
		Code: values.Get("bank_code"), Account: values.Get("bank_account"), Holder: values.Get("bank_holder"),
	}
	after, err := d.Enroll.SaveBank(r.Context(), r.Actor, m.ID, typed)
	if err != nil {
		return r.Fail(err, func(p request.Problems) templ.Component {
			return bankPage(d.page(r, m, "enroll.step.bank"), m, typed, p)
		})
	}
	if after.NextBankAt.IsZero() {
		return onward(r, m, "/bank")
	}
	r.Flash(ui.Act, "enroll.bank.waits", "When", r.Loc.DateTime(after.NextBankAt, r.Now))
	return r.Redirect(base(m.ID) + "/bank")
}

func (d Deps) bankCancel(r *request.Request) error {
	id := market.MerchantID(r.PathValue("shop"))
	if _, err := d.Enroll.CancelBank(r.Context(), r.Actor, id); err != nil {
		return err
	}
	r.Flash(ui.Act, "enroll.bank.cancelled")
	return r.Redirect(base(id) + "/bank")
}
