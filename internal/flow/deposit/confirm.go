package deposit

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid/deposit"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/ledger/deposited"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
)

// ConfirmCmd is the gateway's answer to an attempt.
type ConfirmCmd struct {
	PaymentID market.PaymentID
	gateway.Answer
}

// Confirm writes the gateway's answer: captured money is down for the seller, and what comes too late goes back. An
// attempt that has ended answers as it ended.
func (d *Deposits) Confirm(ctx context.Context, cmd ConfirmCmd) (Paid, error) {
	var done Paid
	var refusal error
	err := d.write(ctx, func(tx *db.Tx) error {
		p, err := payment.Find(ctx, tx, cmd.PaymentID)
		if err != nil {
			return err
		}
		if p.Ended() {
			done, refusal = d.ended(ctx, tx, p)
			return nil
		}
		done, refusal, err = d.answered(ctx, tx, p, cmd)
		return err
	})
	if err != nil {
		return done, err
	}
	return done, refusal
}

// answered writes the answer to an attempt that is under way.
func (d *Deposits) answered(
	ctx context.Context, tx *db.Tx, p payment.Payment, cmd ConfirmCmd,
) (done Paid, refusal, err error) {
	x, err := deposit.Find(ctx, tx, p.OrderID)
	if err != nil {
		return done, nil, err
	}
	if !cmd.Captured {
		p.State, p.OutcomeCode = payment.Declined, cmd.Code
		n, err := payment.End(ctx, tx, []payment.Ending{{ID: p.ID, State: payment.Declined, PaymentKey: cmd.PaymentKey,
			Code: cmd.Code, Version: p.Version}})
		return Paid{Deposit: x, Payment: p}, p.Outcome(), once(n, err)
	}
	if cmd.Amount != p.Amount {
		return Paid{Deposit: x, Payment: p}, payment.ErrAmount.With("Want", p.Amount, "Got", cmd.Amount), nil
	}
	n, err := payment.End(ctx, tx, []payment.Ending{{ID: p.ID, State: payment.Captured, PaymentKey: cmd.PaymentKey,
		Amount: cmd.Amount, Version: p.Version}})
	if err := once(n, err); err != nil {
		return done, nil, err
	}
	p.State, p.PaymentKey, p.Refundable = payment.Captured, cmd.PaymentKey, cmd.Amount
	fits, err := takes(ctx, tx, x)
	switch {
	case err != nil:
		return done, nil, err
	case !fits || !x.For(p.Amount):
		return Paid{Deposit: x, Payment: p, Late: true}, nil, d.late(ctx, tx, x, p)
	}
	return Paid{Deposit: x, Payment: p, First: true}, nil, d.put(ctx, tx, x, p)
}

func (d *Deposits) booked(x deposit.Deposit, p payment.Payment) ledger.Payment {
	return ledger.Payment{About: aboutOf(x), PaymentID: p.ID, Gateway: d.GatewayName, Amount: p.Amount}
}

func aboutOf(x deposit.Deposit) ledger.About {
	return ledger.About{OrderID: x.ID, MerchantID: x.MerchantID, PolicyID: x.PolicyID}
}

// put writes that a deposit is down.
func (d *Deposits) put(ctx context.Context, tx *db.Tx, x deposit.Deposit, p payment.Payment) error {
	if err := deposit.Pay(ctx, tx, x); err != nil {
		return err
	}
	touch(tx, x)
	return ledger.Post(ctx, tx, []ledger.Entry{deposited.Paid(d.booked(x, p))})
}

// late books money with which nobody can bid any more: it is owed back at once (R2c).
func (d *Deposits) late(ctx context.Context, tx *db.Tx, x deposit.Deposit, p payment.Payment) error {
	if x.Open() {
		if err := deposit.Leave(ctx, tx, x); err != nil {
			return err
		}
	}
	f := d.refund(tx, x, p)
	f.Subject, f.Cause = "payment:"+string(p.ID), payment.CauseLateMoney
	if err := d.giveBack(ctx, tx, f); err != nil {
		return err
	}
	touch(tx, x)
	return ledger.Post(ctx, tx, []ledger.Entry{ledger.PaidLate(d.booked(x, p))})
}

// refund is the return of a deposit to who paid it.
func (d *Deposits) refund(tx *db.Tx, x deposit.Deposit, p payment.Payment) payment.Refund {
	return payment.Refund{ID: market.RefundID(tx.NewID(market.PrefixRefund)), OrderID: x.ID, PaymentID: p.ID,
		WishID: x.WishID, Purpose: payment.ForDeposit, AccountID: p.AccountID, Subject: "deposit", Amount: p.Amount,
		Cause: payment.CauseDeposit, RequestedAt: tx.Now(), DueAt: d.RefundDue(tx.Now())}
}

func (d *Deposits) giveBack(ctx context.Context, tx *db.Tx, f payment.Refund) error {
	ok, err := payment.DecideRefund(ctx, tx, []payment.Refund{f})
	if err != nil {
		return err
	}
	if !ok {
		return deposit.ErrMoved
	}
	tx.Enqueue(db.Job{Kind: event.JobRefundSend, Key: string(f.ID), Payload: event.RefundJob{RefundID: f.ID}})
	return nil
}
