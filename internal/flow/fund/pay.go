package fund

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
)

// Paid is what became of a member's order.
type Paid struct {
	Order   collect.Order
	Payment payment.Payment
	// Late tells that the money came when it could not become a share any more: it goes back by itself.
	Late bool
	// First tells that this very step made the share.
	First bool
}

// Pay captures an authorised payment: intent, call, outcome. It is the payer's return from the payment page, or the
// gateway's notice of it; coming again changes nothing. A lost answer is looked up; when even that is unknown the
// attempt stays as it is and is looked up again later.
func (f *Fund) Pay(ctx context.Context, id market.PaymentID, key string) (Paid, error) {
	p, err := f.Begin(ctx, id, key)
	if err != nil {
		return Paid{Payment: p}, err
	}
	if p.Ended() {
		o, err := collect.FindOrder(ctx, f.DB, p.OrderID)
		if err != nil {
			return Paid{Payment: p}, err
		}
		return ended(o, p)
	}
	cmd, err := f.ask(ctx, p)
	if err != nil {
		return Paid{Payment: p}, err
	}
	return f.Confirm(ctx, cmd)
}

// ended answers an attempt as it ended, whatever comes later.
func ended(o collect.Order, p payment.Payment) (Paid, error) {
	return Paid{Order: o, Payment: p, Late: p.Outcome() == nil && !o.Paid()}, p.Outcome()
}

// capture asks the gateway to capture an attempt; asking again with the same key repeats the answer.
func (f *Fund) capture(ctx context.Context, p payment.Payment) (gateway.Payment, error) {
	return gateway.Capture(ctx, f.Gateway, f.Simulator, gateway.ConfirmRequest{PaymentKey: p.PaymentKey,
		OrderID: string(p.ID), Amount: p.Amount})
}

func outcomeOf(p payment.Payment, answer gateway.Payment, err error) ConfirmCmd {
	return ConfirmCmd{PaymentID: p.ID, WishID: p.WishID, Answer: gateway.AnswerOf(p.PaymentKey, answer, err)}
}

// Resolve looks up an attempt whose outcome is unknown and writes what is found; ErrPending when it is still unknown.
func (f *Fund) Resolve(ctx context.Context, p payment.Payment) (Paid, error) {
	cmd, err := f.look(ctx, p)
	if err != nil {
		return Paid{Payment: p}, err
	}
	return f.Confirm(ctx, cmd)
}

// look asks the gateway what became of an attempt; ErrPending when it does not say.
func (f *Fund) look(ctx context.Context, p payment.Payment) (ConfirmCmd, error) {
	answer, err := f.Gateway.LookupByOrder(ctx, string(p.ID))
	switch {
	case err == nil && (answer.Status.Captured() || answer.Status.Final()):
		return outcomeOf(p, answer, nil), nil
	case p.BeingCaptured() && (err == nil && answer.Status == gateway.StatusInProgress ||
		gateway.OutcomeOf(err) == gateway.NotFound && gateway.IsCharge(p.PaymentKey)):
		// Authorised and not captured, or a charge that never arrived: the same key captures it, or repeats the answer.
		answer, err = f.capture(ctx, p)
		if err == nil || gateway.OutcomeOf(err) == gateway.Declined {
			return outcomeOf(p, answer, err), nil
		}
	}
	return ConfirmCmd{}, payment.ErrPending.Wrap(err)
}

const (
	resolveAfter = 15 * time.Second
	resolveMax   = 64
)

// ResolveEvery is how often attempts are looked for whose outcome nobody wrote.
const ResolveEvery = 10 * time.Second

// ResolveOpen looks up attempts that were left open, a bounded number a run; what is found is written together.
func (f *Fund) ResolveOpen(ctx context.Context) (bool, error) {
	open, err := payment.ConfirmingShares(ctx, f.DB, f.DB.Clock().Now().Add(-resolveAfter), resolveMax)
	if err != nil {
		return false, err
	}
	var found []ConfirmCmd
	for _, p := range open {
		if cmd, err := f.look(ctx, p); err == nil {
			found = append(found, cmd)
		}
	}
	worked := false
	for i, done := range f.ConfirmMany(ctx, found) {
		if done.Value.Payment.Ended() {
			worked = true
			continue
		}
		f.Log.Warn("outcome not written", "payment", found[i].PaymentID, "error", done.Err)
	}
	return worked, nil
}
