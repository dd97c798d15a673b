package refund

import (
	"context"
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/bid/deposit"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// Send asks the gateway for one refund: intent, call, outcome. An error asks the job to come again with the same key.
// A refund that was sent before is looked up first: a gateway forgets keys after some days, and would pay twice.
func (r *Refunds) Send(ctx context.Context, id market.RefundID) error {
	f, p, err := r.intend(ctx, id)
	if err != nil || f.Done() {
		return err
	}
	if f.SentBefore() {
		found, err := r.Gateway.Lookup(ctx, p.PaymentKey)
		if err != nil {
			return fmt.Errorf("refund %s: look up: %w", id, err)
		}
		if key, ok := taken(found, f); ok {
			return r.accept(ctx, f, key)
		}
	}
	answer, err := r.Gateway.Cancel(ctx, gateway.CancelRequest{PaymentKey: p.PaymentKey, Reason: string(f.ID),
		Amount: f.Amount, IdempotencyKey: "refund-" + string(f.ID)})
	if gateway.OutcomeOf(err) == gateway.Declined {
		return r.DB.Write(ctx, func(tx *db.Tx) error {
			tx.Touch("console", db.Micros(tx.Now()))
			return payment.StickRefund(ctx, tx, id, gateway.CodeOf(err))
		})
	}
	if err != nil {
		return fmt.Errorf("refund %s: %w", id, err)
	}
	if key, ok := taken(answer, f); ok {
		return r.accept(ctx, f, key)
	}
	return fmt.Errorf("refund %s: the answer does not name it", id)
}

// taken finds our refund among the gateway's cancels: the reason carries its id.
func taken(p gateway.Payment, f payment.Refund) (key string, ok bool) {
	for _, c := range p.Cancels {
		if c.Reason == string(f.ID) && c.Amount == f.Amount {
			return c.TransactionKey, true
		}
	}
	return "", false
}

func (r *Refunds) intend(ctx context.Context, id market.RefundID) (f payment.Refund, p payment.Payment, err error) {
	err = r.DB.Write(ctx, func(tx *db.Tx) error {
		if f, err = payment.FindRefund(ctx, tx, id); err != nil || f.Done() {
			return err
		}
		if p, err = payment.Find(ctx, tx, f.PaymentID); err != nil {
			return err
		}
		f.Interest = r.Interest(f.Amount, f.DueAt, tx.Now())
		_, err = payment.SendRefund(ctx, tx, id, f.Interest)
		return err
	})
	return f, p, err
}

// accept writes that the gateway took the refund, once.
func (r *Refunds) accept(ctx context.Context, f payment.Refund, transactionKey string) error {
	return r.DB.Write(ctx, func(tx *db.Tx) error {
		first, err := payment.AcceptRefund(ctx, tx, f.ID, transactionKey)
		if err != nil || !first {
			return err
		}
		about, err := aboutOf(ctx, tx, f)
		if err != nil {
			return err
		}
		back := ledger.Return{About: about, RefundID: f.ID, Amount: f.Amount}
		entries := []ledger.Entry{ledger.RefundAccepted(back)}
		if f.Interest > 0 {
			back.Amount = f.Interest
			entries = append(entries, ledger.InterestOwed(back))
		}
		if err := ledger.Post(ctx, tx, entries); err != nil {
			return err
		}
		if err := oweInterest(ctx, tx, f, about); err != nil {
			return err
		}
		vouchers, err := voucher.FinishRefund(ctx, tx, f.ID)
		if err != nil {
			return err
		}
		version := db.Micros(tx.Now())
		for _, v := range vouchers {
			tx.Touch("voucher:"+string(v.ID), version)
		}
		tx.Emit(event.Of(event.RefundAccepted{RefundID: f.ID, OrderID: f.OrderID, AccountID: f.AccountID,
			Amount: f.Amount}, f.Version+2))
		for _, topic := range []string{"order:" + string(f.OrderID), "account:" + string(f.AccountID), "console"} {
			tx.Touch(topic, version)
		}
		return nil
	})
}

// aboutOf names what the entries of a refund are about: an order of a deal, a member's share of a wish, or what a
// seller had put down.
func aboutOf(ctx context.Context, tx *db.Tx, f payment.Refund) (ledger.About, error) {
	about := ledger.About{DealID: f.DealID, OrderID: f.OrderID}
	if f.OfDeposit() {
		d, err := deposit.Find(ctx, tx, f.OrderID)
		about.MerchantID, about.PolicyID = d.MerchantID, d.PolicyID
		return about, err
	}
	if f.OfWish() {
		e, err := escrow.Find(ctx, tx, f.WishID)
		about.MerchantID, about.PolicyID = e.MerchantID, e.PolicyID
		return about, err
	}
	o, err := order.Find(ctx, tx, f.OrderID)
	about.MerchantID, about.PolicyID = o.MerchantID, o.PolicyID
	return about, err
}

// oweInterest starts the way of interest to the buyer, with the refund that it belongs to: at once when it is known
// where to, else the buyer is asked.
func oweInterest(ctx context.Context, tx *db.Tx, f payment.Refund, about ledger.About) error {
	if f.Interest == 0 {
		return nil
	}
	owed, err := payment.Owe(ctx, tx, payment.Interest{RefundID: f.ID, OrderID: f.OrderID, DealID: f.DealID,
		MerchantID: about.MerchantID, AccountID: f.AccountID, PolicyID: about.PolicyID, Amount: f.Interest})
	if err == nil && owed.Due() {
		tx.Enqueue(db.Job{Kind: event.JobInterestSend, Key: owed.Reference(),
			Payload: event.InterestJob{InterestID: owed.ID}})
	}
	return err
}

// Stuck lists money that should be back with its buyer: refunds past their legal time, or set aside. Normally empty.
func (r *Refunds) Stuck(ctx context.Context, actor market.Actor, limit int) ([]payment.Refund, error) {
	if err := right.Check(actor, right.ConsoleMoney, right.Resource{}); err != nil {
		return nil, err
	}
	return payment.OpenRefunds(ctx, r.DB, r.DB.Clock().Now().Add(stuckAhead), limit)
}

// stuckAhead: the list warns a business day before the legal end.
const stuckAhead = 24 * time.Hour

// Retry sends a stuck refund once more, by an operator's hand.
func (r *Refunds) Retry(ctx context.Context, actor market.Actor, id market.RefundID) error {
	if err := right.Check(actor, right.ConsoleMoney, right.Resource{}); err != nil {
		return err
	}
	err := r.DB.Write(ctx, func(tx *db.Tx) error {
		return audit.Write(ctx, tx, actor, audit.Act{Action: "refund.retry", Resource: string(id)})
	})
	if err != nil {
		return err
	}
	return r.Send(ctx, id)
}
