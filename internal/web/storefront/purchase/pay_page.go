package purchase

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/storefront/word"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// purchase is an order with everything its pages tell.
type purchase struct {
	Order    order.Order
	Attempts []payment.Payment
	Refunds  []payment.Refund
	Card     catalog.Card
	Terms    deal.Terms
	Option   deal.Option
	Now      time.Time
	Stopped  bool   // the payer came back without paying
	Problem  string // why the payment page did not open
	First    bool   // the first look at a paid order: joy once
}

func (p purchase) href() string { return "/o/" + string(p.Order.ID) }

func (p purchase) dealHref() string { return "/d/" + string(p.Order.DealID) }

// dealShown reports that the deal, which was public when it was ordered from, still is.
func (p purchase) dealShown() bool { return !p.Card.Deal.Past(p.Now) }

// read loads an order of the reader's own; anybody else's does not exist.
func (d Deps) read(ctx context.Context, actor market.Actor, id market.OrderID, now time.Time) (purchase, error) {
	p := purchase{Now: now}
	err := d.DB.Read(ctx, func(q *db.ReadTx) (err error) {
		if p.Order, err = order.Find(ctx, q, id); err != nil {
			return err
		}
		if err := right.Check(actor, right.OrderPay, right.Mine(p.Order.AccountID)); err != nil {
			return order.ErrNotFound
		}
		if p.Attempts, err = payment.OfOrder(ctx, q, id); err != nil {
			return err
		}
		if p.Refunds, err = payment.RefundsOf(ctx, q, id); err != nil {
			return err
		}
		cards, err := catalog.ByIDs(ctx, q, []market.DealID{p.Order.DealID})
		if err != nil {
			return err
		}
		if len(cards) == 0 {
			return deal.ErrNotFound
		}
		p.Card = cards[0]
		if p.Terms, err = deal.FindTerms(ctx, q, p.Order.DealID, p.Order.TermsVersion); err != nil {
			return err
		}
		p.Option, err = deal.FindOption(ctx, q, p.Order.OptionID)
		return err
	})
	return p, err
}

func (d Deps) purchaseOf(r *request.Request) (purchase, error) {
	return d.read(r.Context(), r.Actor, market.OrderID(r.PathValue("order")), r.Now)
}

func (d Deps) payPage(r *request.Request) error {
	p, err := d.purchaseOf(r)
	if err != nil {
		return err
	}
	if p.standing() != standHeld && p.standing() != standDeclined {
		return r.Redirect(p.href() + "/done")
	}
	p.Stopped = r.URL.Query().Get("stopped") != ""
	return d.showPay(r, p, http.StatusOK)
}

func (d Deps) showPay(r *request.Request, p purchase, status int) error {
	d.allow(r)
	page := r.Page(r.Loc.T("order.pay.title"))
	page.Back, page.Heading, page.NoIndex = p.dealHref(), r.Loc.T("order.pay.title"), true
	return r.RenderStatus(status, payPageOf(page, p))
}

// pay prepares the gateway's page and leads there. Pressed twice, it leads to the same page.
func (d Deps) pay(r *request.Request) error {
	p, err := d.purchaseOf(r)
	if err != nil {
		return err
	}
	started, err := d.Checkout.StartPayment(r.Context(), r.Actor, checkout.StartCmd{OrderID: p.Order.ID,
		Title: p.Terms.Title})
	switch {
	case errors.Is(err, payment.ErrUnreachable):
		p.Problem = r.Say(err)
		return d.showPay(r, p, http.StatusServiceUnavailable)
	case errors.Is(err, payment.ErrOver), errors.Is(err, payment.ErrPending), errors.Is(err, order.ErrNotHeld):
		return r.Redirect(p.href() + "/done")
	case err != nil:
		return err
	}
	d.allow(r)
	http.Redirect(r.W, r.Request, started.URL, http.StatusSeeOther)
	return nil
}

// cancel gives the hold up; one that is over already is told as such.
func (d Deps) cancel(r *request.Request) error {
	p, err := d.purchaseOf(r)
	if err != nil {
		return err
	}
	_, err = d.Checkout.CancelHold(r.Context(), r.Actor, p.Order.ID)
	switch {
	case errors.Is(err, order.ErrNotHeld), errors.Is(err, payment.ErrPending):
		return r.Redirect(p.href() + "/done")
	case err != nil:
		return err
	}
	r.Flash(ui.Quiet, "order.given_up")
	return r.Redirect(p.dealHref())
}

// attempt finds a payment of the reader's own.
func (d Deps) attempt(r *request.Request) (payment.Payment, error) {
	p, err := payment.Find(r.Context(), d.DB, market.PaymentID(r.PathValue("payment")))
	if err != nil {
		return p, err
	}
	if right.Check(r.Actor, right.OrderPay, right.Mine(p.AccountID)) != nil {
		return p, payment.ErrNotFound
	}
	return p, nil
}

// returned is the payer's way back from the gateway: it captures, and coming again changes nothing. What the address
// says must be what was asked for, or nothing is captured.
func (d Deps) returned(r *request.Request) error {
	p, err := d.attempt(r)
	if err != nil {
		return err
	}
	query := r.URL.Query()
	amount, err := strconv.ParseInt(query.Get("amount"), 10, 64)
	if err != nil || amount != p.Amount || query.Get("orderId") != string(p.ID) {
		return payment.ErrAmount
	}
	key := query.Get("paymentKey")
	if key == "" || len(key) > 200 {
		return payment.ErrAmount
	}
	if p.OfDeposit() {
		_, err := d.Deposits.Pay(r.Context(), p.ID, key)
		return d.toOffer(r, p, err)
	}
	if p.OfWish() {
		_, err := d.Fund.Pay(r.Context(), p.ID, key)
		return d.toShare(r, p, err)
	}
	confirmed, err := d.Checkout.Pay(r.Context(), checkout.PayCmd{PaymentID: p.ID, PaymentKey: key})
	switch {
	case err == nil:
		if confirmed.Order.State == order.Paid && !p.Ended() {
			r.Keep(joyKey, string(p.OrderID))
		}
	case errors.Is(err, payment.ErrDeclined), errors.Is(err, payment.ErrPending), errors.Is(err, payment.ErrLate):
	default:
		return err
	}
	return r.Redirect("/o/" + string(p.OrderID) + "/done")
}

// joyKey remembers, in the browser's session, which order has just been paid.
const joyKey = "joined"

// stopped is the way back of somebody who did not pay. The gateway is asked what became of the attempt, so that the
// next one gets a page of its own; the hold is still there.
func (d Deps) stopped(r *request.Request) error {
	p, err := d.attempt(r)
	if err != nil {
		return err
	}
	if p.OfDeposit() {
		if !p.Ended() {
			_, err = d.Deposits.Resolve(r.Context(), p)
		}
		return d.toOffer(r, p, err)
	}
	if p.OfWish() {
		if !p.Ended() {
			_, err = d.Fund.Resolve(r.Context(), p)
		}
		return d.toShare(r, p, err)
	}
	if !p.Ended() {
		_, err = d.Checkout.Resolve(r.Context(), p)
	}
	switch kind := fail.KindOf(err); {
	case err == nil, kind == fail.Conflict, kind == fail.Unavailable:
		return r.Redirect("/o/" + string(p.OrderID) + "/pay?stopped=1")
	}
	return err
}

// toShare leads the payer of a wish's share to what became of it.
func (d Deps) toShare(r *request.Request, p payment.Payment, err error) error {
	switch kind := fail.KindOf(err); {
	case err == nil, kind == fail.Conflict, kind == fail.Unavailable:
		return r.Redirect("/w/" + string(p.WishID) + "/paid")
	}
	return err
}

// toOffer leads the payer of a deposit back to the offer, where everything stands as it was typed.
func (d Deps) toOffer(r *request.Request, p payment.Payment, err error) error {
	switch kind := fail.KindOf(err); {
	case err == nil, kind == fail.Conflict, kind == fail.Unavailable:
		return r.Redirect("/office/wanted/" + string(p.WishID) + "?paid=" + string(p.ID))
	}
	return err
}

func (p purchase) promise(loc ui.Loc) []ui.Fact {
	return word.Promise(loc, p.Card.Deal, policy.At(p.Now), p.Terms, p.Order.UnitPrice)
}

// bill is what is paid, line by line.
func (p purchase) bill(loc ui.Loc) []ui.Pair {
	return []ui.Pair{
		{Key: loc.T("order.bill.what"), Value: p.Option.Name},
		{Key: loc.T("order.bill.unit"), Value: loc.Won(p.Order.UnitPrice)},
		{Key: loc.T("order.bill.quantity"), Value: loc.T("deal.units", "Count", p.Order.Quantity)},
		{Key: loc.T("order.bill.total"), Value: loc.Won(p.Order.Amount), Total: true},
	}
}
