package wallet

import (
	"slices"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// interestView is what a person is owed by bank, because refunds came late or sellers lost their deposits, and the
// account that is asked for.
type interestView struct {
	Title    string
	Sentence string
	Why      []string // why what waits for an account comes by bank
	Lines    []ui.Pair
	Asked    int64 // won that wait for an account
	Typed    merchant.Bank
	Key      string
}

func newInterestView(loc ui.Loc, list []payment.Interest) interestView {
	v, words := interestView{}, "wallet.interest."
	if slices.ContainsFunc(list, payment.Interest.OfDeposit) {
		words = "wallet.owed."
	}
	for _, i := range list {
		own := "wallet.interest."
		if i.OfDeposit() {
			own = "wallet.part."
		}
		if i.Asked() {
			v.Asked += i.Amount
			v.because(loc.T(own + "why"))
		}
		v.Lines = append(v.Lines, ui.Pair{Key: loc.T(own + string(i.State)), Value: loc.Won(i.Amount)})
	}
	v.Title, v.Sentence = loc.T(words+"title"), loc.T(words+"none")
	switch {
	case v.Asked > 0:
		v.Sentence = loc.T(words+"ask", "Won", v.Asked)
	case len(list) > 0:
		v.Sentence = loc.T(words + "done")
	}
	return v
}

// because adds a reason once.
func (v *interestView) because(why string) {
	if !slices.Contains(v.Why, why) {
		v.Why = append(v.Why, why)
	}
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
	page := r.Page(v.Title)
	page.Back, page.Heading = "/orders", v.Title
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
