package checkout

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/right"
)

// PlaceMany is Place for many commands at once, in the caller's goroutine and in their order: for demonstrations,
// simulations and benches.
func (c *Checkout) PlaceMany(ctx context.Context, cmds []PlaceCmd) []lane.Answer[Placed] {
	answers := make([]lane.Answer[Placed], len(cmds))
	var good []PlaceCmd
	var at []int
	for i, cmd := range cmds {
		if answers[i].Err = cmd.valid(); answers[i].Err == nil {
			good, at = append(good, cmd), append(at, i)
		}
	}
	for i, a := range c.placing.Run(ctx, good) {
		answers[at[i]] = a
	}
	return answers
}

// PageCmd asks for the payment page of an order that was just placed.
type PageCmd struct {
	Actor  market.Actor
	Placed Placed
	Title  string // what the page says is bought
}

// OpenPages is StartPayment for the first attempts of many orders: the pages are prepared one by one, and what the
// gateway answered is written in one transaction. It gives up at the first page that cannot be prepared.
func (c *Checkout) OpenPages(ctx context.Context, cmds []PageCmd) ([]gateway.Checkout, error) {
	pages := make([]gateway.Checkout, len(cmds))
	for i, cmd := range cmds {
		o := cmd.Placed.Order
		if err := right.Check(cmd.Actor, right.OrderPay, right.Mine(o.AccountID)); err != nil {
			return nil, err
		}
		var err error
		if pages[i], err = c.Gateway.Prepare(ctx, c.page(payment.Payment{ID: cmd.Placed.PaymentID,
			Amount: o.Amount, AccountID: o.AccountID}, cmd)); err != nil {
			return nil, payment.ErrUnreachable.Wrap(err)
		}
	}
	opened := make([]opening, len(cmds))
	for i, cmd := range cmds {
		opened[i] = opening{order: cmd.Placed.Order.ID, page: payment.CheckoutOf{ID: cmd.Placed.PaymentID,
			Key: pages[i].Key, URL: pages[i].URL}}
	}
	for _, a := range c.paging.Run(ctx, opened) {
		if a.Err != nil {
			return nil, a.Err
		}
	}
	return pages, nil
}

// page is what the gateway is told of an attempt.
func (c *Checkout) page(p payment.Payment, cmd PageCmd) gateway.PrepareRequest {
	back := c.returnAddress(p.ID)
	return gateway.PrepareRequest{OrderID: string(p.ID), OrderName: cmd.Title, Amount: p.Amount,
		SuccessURL: back + "/return", FailURL: back + "/fail", Customer: string(p.AccountID), Locale: cmd.Actor.Locale}
}

// PayMany is Pay for many attempts: all intents are written, then the gateway is asked one by one, then all outcomes
// are written. An attempt whose outcome stays unknown is answered with what Pay would answer.
func (c *Checkout) PayMany(ctx context.Context, cmds []PayCmd) []lane.Answer[Confirmed] {
	begins := make([]BeginCmd, len(cmds))
	for i, cmd := range cmds {
		begins[i] = BeginCmd{PaymentID: cmd.PaymentID, PaymentKey: cmd.PaymentKey}
	}
	answers := make([]lane.Answer[Confirmed], len(cmds))
	var outcomes []ConfirmCmd
	var at []int
	for i, begun := range c.beginning.Run(ctx, begins) {
		p := begun.Value.Payment
		switch {
		case begun.Err != nil:
			answers[i].Err = begun.Err
			continue
		case p.Ended():
			answers[i] = lane.Answer[Confirmed]{Value: Confirmed{Order: begun.Value.Order, Payment: p}, Err: p.Outcome()}
			continue
		}
		answer, err := c.capture(ctx, p)
		if err != nil && gateway.OutcomeOf(err) != gateway.Declined {
			answers[i].Value, answers[i].Err = c.Resolve(ctx, p)
			continue
		}
		outcomes, at = append(outcomes, outcomeOf(p, answer, err)), append(at, i)
	}
	for i, done := range c.confirming.Run(ctx, outcomes) {
		answers[at[i]] = done
	}
	return answers
}
