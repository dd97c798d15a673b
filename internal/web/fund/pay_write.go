package fund

import (
	"errors"
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/fund"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/web/request"
)

const (
	keyMax  = 200
	partMax = 400 // of an address that is read at all; market/escrow/address says what is too long
)

// find reads the reader's own till. Whoever has paid is led to the share, and whoever cannot pay to the wish, which
// says why.
func (d Deps) find(r *request.Request) (t till, led bool, err error) {
	id := market.WishID(r.PathValue("wish"))
	t, err = d.read(r.Context(), r.Actor.AccountID, id, r.Now)
	switch {
	case errors.Is(err, collect.ErrNotFound):
		return t, true, r.Redirect("/w/" + string(id))
	case err != nil:
		return t, false, err
	case t.stands():
		return t, true, r.Redirect("/shares/" + string(t.Own.Paid.ID))
	case !t.Firm, t.Collect.Running(r.Now) != nil:
		return t, true, r.Redirect("/w/" + string(id))
	}
	return t, false, nil
}

func (d Deps) payForm(r *request.Request) error {
	t, led, err := d.find(r)
	if err != nil || led {
		return err
	}
	return r.Render(d.page(r, t, typed{Quantity: "1"})(nil))
}

// typed is the form as it was sent, shown again beside what is wrong with it.
type typed struct {
	Quantity      string
	Agreed, Above bool
	To            collect.Address
	Problem       string // why the payment page did not open
}

func (d Deps) page(r *request.Request, t till, in typed) func(request.Problems) templ.Component {
	d.allow(r)
	page := r.Page(r.Loc.T("fund.title"))
	page.Back, page.Heading, page.NoIndex = "/w/"+string(t.Wish.ID), r.Loc.T("fund.title"), true
	key := r.NewKey()
	return func(p request.Problems) templ.Component {
		return payPage(page, view{till: t, typed: in, Key: key, Problems: p})
	}
}

// pay writes what the member agrees to, and leads to the gateway's page. Pressed twice, it leads to the same page.
func (d Deps) pay(r *request.Request) error {
	t, led, err := d.find(r)
	if err != nil || led {
		return err
	}
	form, err := r.Form()
	if err != nil {
		return err
	}
	values := form.Values()
	form.Text("key", 0, keyMax)
	in := typed{Quantity: values.Get("quantity"), Agreed: form.Bool("agree"), Above: form.Bool("above"),
		To: collect.Address{Name: form.Text("name", 0, partMax), Phone: form.Text("phone", 0, partMax),
			Postcode: form.Text("postcode", 0, partMax), Line: form.Text("line", 0, partMax),
			Detail: form.Text("detail", 0, partMax), Note: form.Text("note", 0, partMax)}}
	if t.Collect.Most == 1 {
		in.Quantity = "1"
	}
	quantity, err := strconv.ParseInt(in.Quantity, 10, 64)
	if err != nil {
		form.Add(collect.ErrQuantity.With("Max", t.Collect.Most))
	}
	price := form.Int("price", 1, 1<<40)
	if err := form.Err(); err != nil {
		return r.Fail(err, d.page(r, t, in))
	}
	started, err := d.Fund.Start(r.Context(), r.Actor, fund.StartCmd{WishID: t.Wish.ID, Quantity: quantity,
		UnitPrice: price, Agreed: in.Agreed, Above: in.Above, To: in.To, Title: t.Wish.Name})
	switch {
	case err == nil:
		http.Redirect(r.W, r.Request, started.URL, http.StatusSeeOther)
		return nil
	case errors.Is(err, collect.ErrPaid), errors.Is(err, collect.ErrOver), errors.Is(err, payment.ErrOver),
		errors.Is(err, payment.ErrPending):
		return r.Redirect("/w/" + string(t.Wish.ID) + "/paid")
	case fail.KindOf(err) == fail.Unavailable, errors.Is(err, collect.ErrPrice), errors.Is(err, collect.ErrMoved),
		errors.Is(err, collect.ErrFull):
		in.Problem = r.Say(err)
		return r.RenderStatus(request.Status(fail.KindOf(err)), d.page(r, t, in)(nil))
	}
	return r.Fail(err, d.page(r, t, in))
}

// paid is what became of a payment. A share has a page of its own; the others say what the payer can do now.
func (d Deps) paid(r *request.Request) error {
	id := market.WishID(r.PathValue("wish"))
	t, err := d.read(r.Context(), r.Actor.AccountID, id, r.Now)
	switch {
	case errors.Is(err, collect.ErrNotFound):
		return r.Redirect("/w/" + string(id))
	case err != nil:
		return err
	case t.stands():
		return r.Redirect("/shares/" + string(t.Own.Paid.ID))
	case t.Last.ID == "":
		return r.Redirect("/w/" + string(id) + "/pay")
	}
	page := r.Page(r.Loc.T("fund.title"))
	page.Back, page.Heading, page.NoIndex = "/w/"+string(id), r.Loc.T("fund.title"), true
	return r.Render(resultPage(page, t))
}
