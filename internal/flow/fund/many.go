package fund

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
)

// DirectCmd is a member who pays with an instrument of the sandbox, without a page.
type DirectCmd struct {
	Actor market.Actor
	StartCmd
	Instrument string
}

// PayMany is PayDirectly for many members at once, in the caller's goroutine and in their order: what all agree to is
// written, then all intents, then the gateway is asked one by one, then all outcomes are written. For demonstrations
// and benches.
func (f *Fund) PayMany(ctx context.Context, cmds []DirectCmd) []lane.Answer[Paid] {
	answers := make([]lane.Answer[Paid], len(cmds))
	begins, at := f.agreeMany(ctx, cmds, answers)
	var outcomes []ConfirmCmd
	var of []int
	for i, begun := range f.begun.Run(ctx, begins) {
		n, p := at[i], begun.Value
		if answers[n].Value.Payment = p; begun.Err != nil {
			answers[n].Err = begun.Err
			continue
		}
		cmd, err := f.ask(ctx, p)
		if err != nil {
			answers[n].Err = err
			continue
		}
		outcomes, of = append(outcomes, cmd), append(of, n)
	}
	for i, done := range f.ConfirmMany(ctx, outcomes) {
		answers[of[i]] = done
	}
	return answers
}

// agreeMany writes what members agree to, and gives the intents of those who may pay with their places.
func (f *Fund) agreeMany(ctx context.Context, cmds []DirectCmd, answers []lane.Answer[Paid]) ([]beginCmd, []int) {
	var agreed []agreeCmd
	var at []int
	for i, cmd := range cmds {
		if answers[i].Err = mayPay(cmd.Actor); answers[i].Err == nil {
			agreed, at = append(agreed, agreeCmd{cmd.Actor, cmd.StartCmd}), append(at, i)
		}
	}
	var begins []beginCmd
	var of []int
	for i, a := range f.agreed.Run(ctx, agreed) {
		n, p := at[i], a.Value.Payment
		answers[n] = lane.Answer[Paid]{Value: Paid{Order: a.Value.Order, Payment: p}, Err: a.Err}
		if a.Err == nil {
			begins = append(begins, beginCmd{p.ID, gateway.ChargeKey(cmds[n].Instrument, string(p.ID))})
			of = append(of, n)
		}
	}
	return begins, of
}

// ConfirmMany is Confirm for many answers at once, in the caller's goroutine and in their order.
func (f *Fund) ConfirmMany(ctx context.Context, cmds []ConfirmCmd) []lane.Answer[Paid] {
	return f.settled.Run(ctx, cmds)
}

// ask captures an attempt whose intent is written; a lost answer is looked up.
func (f *Fund) ask(ctx context.Context, p payment.Payment) (ConfirmCmd, error) {
	if p.Ended() {
		return ConfirmCmd{PaymentID: p.ID, WishID: p.WishID}, p.Outcome()
	}
	answer, err := f.capture(ctx, p)
	if err != nil && gateway.OutcomeOf(err) != gateway.Declined {
		f.Log.Warn("capture unknown", "payment", p.ID, "error", err)
		return f.look(ctx, p)
	}
	return outcomeOf(p, answer, err), nil
}
