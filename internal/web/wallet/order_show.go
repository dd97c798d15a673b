package wallet

import (
	"strconv"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/refund"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

func (d Deps) orderList(r *request.Request) error {
	list, err := d.Wallet.Orders(r.Context(), r.Actor, market.OrderID(r.URL.Query().Get("before")))
	if err != nil {
		return err
	}
	lines := make([]lineView, len(list.List))
	for i, p := range list.List {
		lines[i] = orderLine(r.Loc, p, r.Now)
	}
	pager := ui.Pager{}
	if list.More {
		pager.After = "/orders?before=" + string(list.List[len(list.List)-1].ID)
	}
	page := r.Page(r.Loc.T("wallet.orders"))
	return r.Render(orderListPage(page, lines, pager))
}

func (d Deps) orderShow(r *request.Request) error {
	o, err := d.Wallet.Order(r.Context(), r.Actor, market.OrderID(r.PathValue("order")))
	if err != nil {
		return err
	}
	view := newReceiptView(r.Loc, o, r.Now)
	if o.State == order.Held && o.AccountID == r.Actor.AccountID && d.PayHref != nil {
		view.PayHref = d.PayHref(o.ID)
	}
	if view.InterestHref, err = d.interestHref(r, o.ID); err != nil {
		return err
	}
	view.open(r.Actor, o.AccountID)
	if r.Fragment() {
		return r.Render(receipt(view))
	}
	page := r.Page(r.Loc.T("wallet.order_title", "Number", o.Number()))
	page.Back, page.Heading = "/orders", r.Loc.T("wallet.receipt")
	page.LiveTopics = []string{"order:" + string(o.ID)}
	return r.Render(orderPage(page, view))
}

func (d Deps) orderOf(r *request.Request) refundOf {
	id := market.OrderID(r.PathValue("order"))
	return refundOf{
		back: "/orders/" + string(id),
		look: func() (refund.Preview, error) { return d.Refunds.Look(r.Context(), r.Actor, id) },
		title: func() (string, error) {
			o, err := d.Wallet.Order(r.Context(), r.Actor, id)
			return o.Bought.Title, err
		},
		do: func() error { _, err := d.Refunds.Cancel(r.Context(), r.Actor, id); return err },
	}
}

func (d Deps) orderRefundLook(r *request.Request) error { return d.refundLook(r, d.orderOf(r)) }

func (d Deps) orderRefund(r *request.Request) error { return d.refundDo(r, d.orderOf(r)) }

// refundOf is one thing that can go back: an order or a voucher.
type refundOf struct {
	back  string
	title func() (string, error) // also answers whether the reader may see it
	look  func() (refund.Preview, error)
	do    func() error
}

func (d Deps) refundLook(r *request.Request, of refundOf) error {
	title, err := of.title()
	if err != nil {
		return err
	}
	look, err := of.look()
	if err != nil {
		return err
	}
	if look.Earlier != nil {
		return r.Redirect(of.back)
	}
	return r.Render(d.refundPage(r, of, title, look)(nil))
}

func (d Deps) refundPage(
	r *request.Request, of refundOf, title string, look refund.Preview,
) func(request.Problems) templ.Component {
	view := newRefundView(r.Loc, look)
	view.Title, view.Back, view.Action, view.Key = title, of.back, of.back+"/refund", r.NewKey()
	page := r.Page(r.Loc.T("wallet.refund.title"))
	page.Back, page.Heading = of.back, r.Loc.T("wallet.refund.title")
	return func(p request.Problems) templ.Component {
		view.Errors = p
		return refundPage(page, view)
	}
}

// refundDo carries out what was shown. Sending the form again is answered as the first time; an amount that differs
// from what was seen is shown anew instead.
func (d Deps) refundDo(r *request.Request, of refundOf) error {
	title, err := of.title()
	if err != nil {
		return err
	}
	form, err := r.Form()
	if err != nil {
		return err
	}
	form.Text("key", 1, keyMax)
	seen := form.Int("seen", 0, wonMax)
	if err := form.Err(); err != nil {
		return err
	}
	look, err := of.look()
	if err != nil {
		return err
	}
	if look.Earlier != nil {
		r.Flash(ui.Act, "wallet.refund.asked", "Won", look.Earlier.Amount)
		return r.Redirect(of.back)
	}
	page := d.refundPage(r, of, title, look)
	if seen != look.Amount {
		return r.Fail(errChanged.With("Won", look.Amount, "Seen", strconv.FormatInt(seen, 10)), page)
	}
	if err := of.do(); err != nil {
		return r.Fail(err, page)
	}
	r.Flash(ui.Act, "wallet.refund.asked", "Won", look.Amount)
	return r.Redirect(of.back)
}
