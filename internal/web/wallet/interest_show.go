package wallet

import (
	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// interestView is what a buyer is owed because refunds came late, and the account that is asked for.
type interestView struct {
	Sentence string
	Lines    []ui.Pair
	Asked    int64 // won that wait for an account
	Typed    merchant.Bank
	Key      string
}

func newInterestView(loc ui.Loc, list []payment.Interest) interestView {
	v := interestView{}
	for _, i := range list {
		if i.Asked() {
			v.Asked += i.Amount
		}
		v.Lines = append(v.Lines, ui.Pair{Key: loc.T("wallet.interest." + string(i.State)), Value: loc.Won(i.Amount)})
	}
	v.Sentence = loc.T("wallet.interest.none")
	switch {
	case v.Asked > 0:
		v.Sentence = loc.T("wallet.interest.ask", "Won", v.Asked)
	case len(list) > 0:
		v.Sentence = loc.T("wallet.interest.done")
	}
	return v
}

func bankChoices(loc ui.Loc) []ui.Choice {
	var choices []ui.Choice
	for _, code := range merchant.BankCodes() {
		choices = append(choices, ui.Choice{Value: code, Label: loc.T("merchant.bank_" + code)})
	}
	return choices
}

// interestShow shows what is owed, and asks where it may be sent.
func (d Deps) interestShow(r *request.Request) error {
	list, err := d.Interest.Mine(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	return r.Render(d.interestPage(r, list, merchant.Bank{})(nil))
}

func (d Deps) interestPage(
	r *request.Request, list []payment.Interest, typed merchant.Bank,
) func(request.Problems) templ.Component {
	v := newInterestView(r.Loc, list)
	v.Typed, v.Key = typed, r.NewKey()
	page := r.Page(r.Loc.T("wallet.interest.title"))
	page.Back, page.Heading = "/orders", r.Loc.T("wallet.interest.title")
	return func(p request.Problems) templ.Component { return interestPage(page, v, p) }
}

// interestName takes the account. Sending the form again finds nothing that waits, and is answered as the first time.
func (d Deps) interestName(r *request.Request) error {
	list, err := d.Interest.Mine(r.Context(), r.Actor)
	if err != nil {
		return err
	}
	form, err := r.Form()
	if err != nil {
		return err
	}
	values := form.Values()
	typed := merchant.Bank{Code: values.Get("bank_code"), Account: values.Get("bank_account"),
		Holder: values.Get("bank_holder")}
	if newInterestView(r.Loc, list).Asked > 0 {
		if err := d.Interest.Name(r.Context(), r.Actor, typed); err != nil {
			return r.Fail(err, d.interestPage(r, list, typed))
		}
	}
	r.Flash(ui.Act, "wallet.interest.named")
	return r.Redirect("/interest")
}

// interestHref is where an order's reader may name an account, "" when none of its interest waits for one.
func (d Deps) interestHref(r *request.Request, id market.OrderID) (string, error) {
	if d.Interest == nil {
		return "", nil
	}
	list, err := d.Interest.Mine(r.Context(), r.Actor)
	for _, i := range list {
		if i.OrderID == id && i.Asked() {
			return "/interest", err
		}
	}
	return "", err
}
