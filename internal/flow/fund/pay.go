package fund

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/escrow"
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
		return f.ended(ctx, f.DB, p)
	}
	answer, err := f.capture(ctx, p)
	if err != nil && gateway.OutcomeOf(err) != gateway.Declined {
		f.Log.Warn("capture unknown", "payment", p.ID, "error", err)
		return f.Resolve(ctx, p)
	}
	return f.Confirm(ctx, outcomeOf(p, answer, err))
}

// ended answers an attempt as it ended, whatever comes later.
func (f *Fund) ended(ctx context.Context, q db.Querier, p payment.Payment) (Paid, error) {
	o, err := collect.FindOrder(ctx, q, p.OrderID)
	if err != nil {
		return Paid{Payment: p}, err
	}
	return Paid{Order: o, Payment: p, Late: p.Outcome() == nil && !o.Paid()}, p.Outcome()
}

// Begin writes the intent to capture one attempt, before the gateway is asked. One for which nobody may pay any more
// ends here: nothing is captured, and the payer keeps the money.
func (f *Fund) Begin(ctx context.Context, id market.PaymentID, key string) (payment.Payment, error) {
	var p payment.Payment
	err := f.write(ctx, func(tx *db.Tx) (err error) {
		if p, err = payment.Find(ctx, tx, id); err != nil || p.Ended() || p.BeingCaptured() {
			return err
		}
		fits, err := payable(ctx, tx, p)
		if err != nil {
			return err
		}
		if !fits {
			p.State = payment.Expired
			n, err := payment.End(ctx, tx, []payment.Ending{{ID: p.ID, State: payment.Expired, PaymentKey: key, Code: "late",
				Version: p.Version}})
			return once(n, err)
		}
		begun, err := payment.Begin(ctx, tx, []payment.KeyOf{{ID: p.ID, Key: key, Version: p.Version}})
		if err == nil && !begun[p.ID] {
			return collect.ErrMoved
		}
		p.State, p.PaymentKey, p.Version = payment.Confirming, key, p.Version+1
		return err
	})
	return p, err
}

func payable(ctx context.Context, tx *db.Tx, p payment.Payment) (bool, error) {
	o, err := collect.FindOrder(ctx, tx, p.OrderID)
	if err != nil {
		return false, err
	}
	c, err := collect.Find(ctx, tx, p.WishID)
	if err != nil {
		return false, err
	}
	e, err := escrow.Find(ctx, tx, p.WishID)
	return c.Payable(o, p.Amount, e.UnitPrice, tx.Now()), err
}

// capture asks the gateway to capture an attempt; asking again with the same key repeats the answer.
func (f *Fund) capture(ctx context.Context, p payment.Payment) (gateway.Payment, error) {
	in := gateway.ConfirmRequest{PaymentKey: p.PaymentKey, OrderID: string(p.ID), Amount: p.Amount,
		IdempotencyKey: "confirm-" + string(p.ID) + "-" + p.PaymentKey}
	if f.Simulator != nil && gateway.IsCharge(p.PaymentKey) {
		return f.Simulator.Charge(ctx, in)
	}
	return f.Gateway.Confirm(ctx, in)
}

func outcomeOf(p payment.Payment, answer gateway.Payment, err error) ConfirmCmd {
	if err != nil {
		return ConfirmCmd{PaymentID: p.ID, PaymentKey: p.PaymentKey, Code: gateway.CodeOf(err)}
	}
	cmd := ConfirmCmd{PaymentID: p.ID, PaymentKey: answer.PaymentKey}
	if answer.Status.Captured() {
		cmd.Captured, cmd.Amount = true, answer.Amount
	} else {
		cmd.Code = answer.FailureCode
	}
	return cmd
}

// Resolve looks up an attempt whose outcome is unknown and writes what is found; ErrPending when it is still unknown.
func (f *Fund) Resolve(ctx context.Context, p payment.Payment) (Paid, error) {
	answer, err := f.Gateway.LookupByOrder(ctx, string(p.ID))
	switch {
	case err == nil && (answer.Status.Captured() || answer.Status.Final()):
		return f.Confirm(ctx, outcomeOf(p, answer, nil))
	case p.BeingCaptured() && (err == nil && answer.Status == gateway.StatusInProgress ||
		gateway.OutcomeOf(err) == gateway.NotFound && gateway.IsCharge(p.PaymentKey)):
		// Authorised and not captured, or a charge that never arrived: the same key captures it, or repeats the answer.
		answer, err = f.capture(ctx, p)
		if err == nil || gateway.OutcomeOf(err) == gateway.Declined {
			return f.Confirm(ctx, outcomeOf(p, answer, err))
		}
	}
	return Paid{Payment: p}, payment.ErrPending.Wrap(err)
}

const (
	resolveAfter = 15 * time.Second
	resolveMax   = 64
)

// ResolveEvery is how often attempts are looked for whose outcome nobody wrote.
const ResolveEvery = 10 * time.Second

// ResolveOpen looks up attempts that were left open, a bounded number a run.
func (f *Fund) ResolveOpen(ctx context.Context) (bool, error) {
	open, err := payment.ConfirmingShares(ctx, f.DB, f.DB.Clock().Now().Add(-resolveAfter), resolveMax)
	if err != nil {
		return false, err
	}
	worked := false
	for _, p := range open {
		if _, err := f.Resolve(ctx, p); !pending(err) {
			worked = true
		}
	}
	return worked, nil
}
