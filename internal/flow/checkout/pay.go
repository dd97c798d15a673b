package checkout

import (
	"context"
	"errors"
	"net/url"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/right"
)

// StartCmd asks for the payment page of an order.
type StartCmd struct {
	OrderID market.OrderID
	Title   string // what the page says is bought
}

// Started is the attempt to pay and where the payer goes.
type Started struct {
	Payment payment.Payment
	URL     string
}

// StartPayment prepares the payment page. A declined attempt is followed by a new one while the hold lasts.
func (c *Checkout) StartPayment(ctx context.Context, actor market.Actor, cmd StartCmd) (Started, error) {
	p, err := c.openAttempt(ctx, actor, cmd.OrderID)
	if err != nil {
		return Started{}, err
	}
	if p.CheckoutURL == "" {
		page, err := c.Gateway.Prepare(ctx, c.page(p, PageCmd{Actor: actor, Title: cmd.Title}))
		if err != nil {
			return Started{}, payment.ErrUnreachable.Wrap(err)
		}
		p.CheckoutKey, p.CheckoutURL = page.Key, page.URL
	}
	_, err = c.paging.Do(ctx, string(p.ID), opening{order: p.OrderID, page: payment.CheckoutOf{ID: p.ID,
		Key: p.CheckoutKey, URL: p.CheckoutURL}})
	return Started{Payment: p, URL: p.CheckoutURL}, err
}

// opening is a page that the gateway has prepared for an order's attempt.
type opening struct {
	order market.OrderID
	page  payment.CheckoutOf
}

// pageBatch notes pages and lengthens the holds of their orders.
func (c *Checkout) pageBatch(ctx context.Context, tx *db.Tx, cmds []opening) ([]lane.Answer[struct{}], error) {
	pages, orders := make([]payment.CheckoutOf, len(cmds)), make([]market.OrderID, len(cmds))
	for i, cmd := range cmds {
		pages[i], orders[i] = cmd.page, cmd.order
	}
	if err := payment.SetCheckouts(ctx, tx, pages); err != nil {
		return nil, err
	}
	return make([]lane.Answer[struct{}], len(cmds)), order.OpenPages(ctx, tx, orders, holdTimes(tx.Now()))
}

// returnAddress is where the gateway sends the payer of an attempt back to.
func (c *Checkout) returnAddress(id market.PaymentID) string {
	return c.BaseURL + "/pay/" + url.PathEscape(string(id))
}

// openAttempt finds the order's attempt that can still be paid, or makes the next one. The first attempt was made with
// the order, so that mostly looking is enough.
func (c *Checkout) openAttempt(
	ctx context.Context, actor market.Actor, id market.OrderID,
) (p payment.Payment, err error) {
	attempts, _, err := c.attempts.Get(ctx, id)
	if err != nil {
		return p, err
	}
	p, open, err := openOf(actor, attempts)
	if err != nil || open {
		return p, err
	}
	err = c.DB.Write(ctx, func(tx *db.Tx) error {
		if attempts, err = payment.OfOrder(ctx, tx, id); err != nil {
			return err
		}
		if p, open, err = openOf(actor, attempts); err != nil || open {
			return err
		}
		o, err := order.Find(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := right.Check(actor, right.OrderPay, right.Mine(o.AccountID)); err != nil {
			return err
		}
		if !o.Holding() {
			return order.ErrNotHeld
		}
		p = payment.Payment{ID: market.PaymentID(tx.NewID(market.PrefixPayment)), OrderID: o.ID, DealID: o.DealID,
			AccountID: o.AccountID, Gateway: c.GatewayName, Amount: o.Amount, State: payment.Intent, CreatedAt: tx.Now(),
			Version: 1}
		return payment.Insert(ctx, tx, []payment.Payment{p})
	})
	return p, err
}

// openOf picks the attempt that can still be paid of an order's, which must not be anybody else's.
func openOf(actor market.Actor, attempts []payment.Payment) (p payment.Payment, open bool, err error) {
	if len(attempts) == 0 {
		return p, false, nil
	}
	if err := right.Check(actor, right.OrderPay, right.Mine(attempts[0].AccountID)); err != nil {
		return p, false, err
	}
	return payment.Open(attempts)
}

// DirectCmd pays an order with an instrument of the sandbox, without a page.
type DirectCmd struct {
	OrderID    market.OrderID
	Instrument string
	Keep       Keep
}

// PayDirectly plays the payer at the sandbox and captures. Without a page it is one call, whose key says all there is
// to know: after a crash it is asked again.
func (c *Checkout) PayDirectly(ctx context.Context, actor market.Actor, cmd DirectCmd) (Confirmed, error) {
	if g := c.last.take(cmd.OrderID, actor.AccountID); g != nil &&
		right.Check(actor, right.OrderPay, right.Mine(g.order.AccountID)) == nil {
		pay := PayCmd{PaymentID: g.payment.ID, PaymentKey: gateway.ChargeKey(cmd.Instrument, string(g.payment.ID)),
			Keep: cmd.Keep, guess: g}
		if done, err := c.Pay(ctx, pay); !errors.Is(err, errGuess) {
			return done, err
		}
	}
	p, err := c.openAttempt(ctx, actor, cmd.OrderID)
	if err != nil {
		return Confirmed{}, err
	}
	if p.CheckoutKey == "" {
		key := gateway.ChargeKey(cmd.Instrument, string(p.ID))
		return c.Pay(ctx, PayCmd{PaymentID: p.ID, PaymentKey: key, Keep: cmd.Keep})
	}
	key, err := c.Simulator.Authorize(ctx, gateway.AuthorizeRequest{CheckoutKey: p.CheckoutKey,
		Instrument: cmd.Instrument})
	if err != nil {
		return Confirmed{}, payment.ErrUnreachable.Wrap(err)
	}
	return c.Pay(ctx, PayCmd{PaymentID: p.ID, PaymentKey: key, Keep: cmd.Keep})
}

// PayCmd is the payer's return from the payment page, or the gateway's notice of it.
type PayCmd struct {
	PaymentID  market.PaymentID
	PaymentKey string
	Keep       Keep // nil keeps no answer
	guess      *guess
}

// errGuess tells that an attempt taken for open has ended: there may be another.
var errGuess = errors.New("checkout: the attempt has ended")

// Pay captures an authorised payment: intent, call, outcome. A lost answer is looked up; when even that is unknown the
// attempt stays as it is and is looked up again later.
func (c *Checkout) Pay(ctx context.Context, cmd PayCmd) (Confirmed, error) {
	begun, err := c.Begin(ctx, BeginCmd{PaymentID: cmd.PaymentID, PaymentKey: cmd.PaymentKey,
		guess: cmd.guess})
	if err != nil {
		return Confirmed{}, err
	}
	if begun.Payment.Ended() {
		if cmd.guess != nil {
			return Confirmed{}, errGuess
		}
		return Confirmed{Order: begun.Order, Payment: begun.Payment}, begun.Payment.Outcome()
	}
	p := begun.Payment
	answer, err := c.capture(ctx, p)
	if err != nil && gateway.OutcomeOf(err) != gateway.Declined {
		c.Log.Warn("capture unknown", "payment", p.ID, "error", err)
		return c.Resolve(ctx, p)
	}
	done := outcomeOf(p, answer, err)
	done.Keep, done.guess = cmd.Keep, &guess{order: begun.Order, payment: p}
	if cmd.guess.usable() {
		done.guess.limit = cmd.guess.limit
	}
	return c.confirming.Do(ctx, string(p.DealID), done)
}

// capture asks the gateway to capture an attempt; asking again repeats the answer.
func (c *Checkout) capture(ctx context.Context, p payment.Payment) (gateway.Payment, error) {
	return gateway.Capture(ctx, c.Gateway, c.Simulator, gateway.ConfirmRequest{PaymentKey: p.PaymentKey,
		OrderID: string(p.ID), Amount: p.Amount})
}

// outcome writes what the gateway answered.
func (c *Checkout) outcome(
	ctx context.Context, p payment.Payment, answer gateway.Payment, err error,
) (Confirmed, error) {
	return c.confirming.Do(ctx, string(p.DealID), outcomeOf(p, answer, err))
}

func outcomeOf(p payment.Payment, answer gateway.Payment, err error) ConfirmCmd {
	return ConfirmCmd{PaymentID: p.ID, Answer: gateway.AnswerOf(p.PaymentKey, answer, err)}
}

// Resolve looks an attempt up whose outcome is unknown and writes what is found; ErrPending when it is still unknown.
func (c *Checkout) Resolve(ctx context.Context, p payment.Payment) (Confirmed, error) {
	answer, err := c.Gateway.LookupByOrder(ctx, string(p.ID))
	switch {
	case err == nil && (answer.Status.Captured() || answer.Status.Final()):
		return c.outcome(ctx, p, answer, nil)
	case p.BeingCaptured() && (err == nil && answer.Status == gateway.StatusInProgress ||
		gateway.OutcomeOf(err) == gateway.NotFound && gateway.IsCharge(p.PaymentKey)):
		// Authorised and not captured, or a charge that never arrived: asking again with the same key captures it, or
		// repeats the answer.
		answer, err = c.capture(ctx, p)
		if err == nil || gateway.OutcomeOf(err) == gateway.Declined {
			return c.outcome(ctx, p, answer, err)
		}
	}
	return Confirmed{Payment: p}, payment.ErrPending.Wrap(err)
}

// ResolveOpen looks up attempts that were left open, a bounded number a run.
func (c *Checkout) ResolveOpen(ctx context.Context) (bool, error) {
	before := c.DB.Clock().Now().Add(-resolveAfter)
	open, err := payment.Confirmings(ctx, c.DB, before, resolveMax)
	if err != nil {
		return false, err
	}
	worked := false
	for _, p := range open {
		_, err := c.Resolve(ctx, p)
		if err == nil || !errors.Is(err, payment.ErrPending) {
			worked = true
		}
	}
	return worked, nil
}
