package deposit

import (
	"context"
	"errors"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/deposit"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
)

// Paid is what became of a seller's payment.
type Paid struct {
	Deposit deposit.Deposit
	Payment payment.Payment
	// Late tells that the money came when no bid could be made any more: it goes back by itself.
	Late bool
	// First tells that this very step put the deposit down.
	First bool
}

// Pay captures an authorised payment: intent, call, outcome. Coming again changes nothing; a lost answer is looked up,
// and when even that is unknown the attempt stays as it is and is looked up again later.
func (d *Deposits) Pay(ctx context.Context, id market.PaymentID, key string) (Paid, error) {
	p, err := d.Begin(ctx, id, key)
	if err != nil {
		return Paid{Payment: p}, err
	}
	if p.Ended() {
		return d.ended(ctx, d.DB, p)
	}
	answer, err := d.capture(ctx, p)
	if err != nil && gateway.OutcomeOf(err) != gateway.Declined {
		d.Log.Warn("capture unknown", "payment", p.ID, "error", err)
		return d.Resolve(ctx, p)
	}
	return d.Confirm(ctx, outcomeOf(p, answer, err))
}

// ended answers an attempt as it ended, whatever comes later.
func (d *Deposits) ended(ctx context.Context, q db.Querier, p payment.Payment) (Paid, error) {
	x, err := deposit.Find(ctx, q, p.OrderID)
	if err != nil {
		return Paid{Payment: p}, err
	}
	return Paid{Deposit: x, Payment: p, Late: p.Outcome() == nil && !x.Paid()}, p.Outcome()
}

// Begin writes the intent to capture one attempt, before the gateway is asked. One with which nobody could bid any more
// ends here: nothing is captured, and the payer keeps the money.
func (d *Deposits) Begin(ctx context.Context, id market.PaymentID, key string) (payment.Payment, error) {
	var p payment.Payment
	err := d.write(ctx, func(tx *db.Tx) (err error) {
		if p, err = payment.Find(ctx, tx, id); err != nil || p.Ended() || p.BeingCaptured() {
			return err
		}
		x, err := deposit.Find(ctx, tx, p.OrderID)
		if err != nil {
			return err
		}
		takes, err := takes(ctx, tx, x)
		if err != nil {
			return err
		}
		if !takes || !x.For(p.Amount) {
			p.State = payment.Expired
			n, err := payment.End(ctx, tx, []payment.Ending{{ID: p.ID, State: payment.Expired, PaymentKey: key, Code: "late",
				Version: p.Version}})
			return once(n, err)
		}
		begun, err := payment.Begin(ctx, tx, []payment.KeyOf{{ID: p.ID, Key: key, Version: p.Version}})
		if err == nil && !begun[p.ID] {
			return deposit.ErrMoved
		}
		p.State, p.PaymentKey, p.Version = payment.Confirming, key, p.Version+1
		return err
	})
	return p, err
}

// takes answers whether a deposit can still become part of a bid.
func takes(ctx context.Context, tx *db.Tx, x deposit.Deposit) (bool, error) {
	a, err := bid.Find(ctx, tx, x.WishID)
	return a.TakesBids(tx.Now()) == nil && x.Open(), err
}

// capture asks the gateway to capture an attempt; asking again with the same key repeats the answer.
func (d *Deposits) capture(ctx context.Context, p payment.Payment) (gateway.Payment, error) {
	return gateway.Capture(ctx, d.Gateway, d.Simulator, gateway.ConfirmRequest{PaymentKey: p.PaymentKey,
		OrderID: string(p.ID), Amount: p.Amount})
}

func outcomeOf(p payment.Payment, answer gateway.Payment, err error) ConfirmCmd {
	return ConfirmCmd{PaymentID: p.ID, Answer: gateway.AnswerOf(p.PaymentKey, answer, err)}
}

// Resolve looks up an attempt whose outcome is unknown and writes what is found; ErrPending when it is still unknown.
func (d *Deposits) Resolve(ctx context.Context, p payment.Payment) (Paid, error) {
	answer, err := d.Gateway.LookupByOrder(ctx, string(p.ID))
	switch {
	case err == nil && (answer.Status.Captured() || answer.Status.Final()):
		return d.Confirm(ctx, outcomeOf(p, answer, nil))
	case p.BeingCaptured() && (err == nil && answer.Status == gateway.StatusInProgress ||
		gateway.OutcomeOf(err) == gateway.NotFound && gateway.IsCharge(p.PaymentKey)):
		// Authorised and not captured, or a charge that never arrived: the same key captures it, or repeats the answer.
		answer, err = d.capture(ctx, p)
		if err == nil || gateway.OutcomeOf(err) == gateway.Declined {
			return d.Confirm(ctx, outcomeOf(p, answer, err))
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
func (d *Deposits) ResolveOpen(ctx context.Context) (bool, error) {
	open, err := payment.ConfirmingDeposits(ctx, d.DB, d.DB.Clock().Now().Add(-resolveAfter), resolveMax)
	if err != nil {
		return false, err
	}
	worked := false
	for _, p := range open {
		if _, err := d.Resolve(ctx, p); err == nil || errors.Is(err, payment.ErrDeclined) {
			worked = true
		}
	}
	return worked, nil
}
