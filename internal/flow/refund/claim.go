package refund

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// Claimable is what the owner of an expired voucher can still ask for, in won; 0 for nothing.
func (r *Refunds) Claimable(ctx context.Context, actor market.Actor, id market.VoucherID) (int64, error) {
	v, err := voucher.Find(ctx, r.DB, id)
	if err != nil {
		return 0, err
	}
	if err := right.Check(actor, right.VoucherRefund, right.Mine(v.AccountID)); err != nil {
		return 0, err
	}
	return ledger.Balance(ctx, r.DB, ledger.Unclaimed, string(id))
}

// Claim is R13d: the owner of an expired voucher asks for the part of it that law gives back, within five years.
func (r *Refunds) Claim(ctx context.Context, actor market.Actor, id market.VoucherID) (f payment.Refund, err error) {
	err = r.DB.Write(ctx, func(tx *db.Tx) error {
		v, err := voucher.Find(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := right.Check(actor, right.VoucherRefund, right.Mine(v.AccountID)); err != nil {
			return err
		}
		if err := v.MayClaim(tx.Now(), policy.At(v.PaidAt).ClaimUntil(v.ValidUntil)); err != nil {
			return err
		}
		f, err = r.claim(ctx, tx, v)
		return err
	})
	return f, err
}

func (r *Refunds) claim(ctx context.Context, tx *db.Tx, v voucher.Voucher) (f payment.Refund, err error) {
	won, err := ledger.Balance(ctx, tx, ledger.Unclaimed, string(v.ID))
	if err != nil {
		return f, err
	}
	if won == 0 {
		return f, voucher.ErrNotRefundable
	}
	o, err := order.Find(ctx, tx, v.OrderID)
	if err != nil {
		return f, err
	}
	payments, err := payment.CapturedOf(ctx, tx, []market.OrderID{o.ID})
	if err != nil {
		return f, err
	}
	f = payment.Refund{ID: market.RefundID(tx.NewID(market.PrefixRefund)), OrderID: o.ID, PaymentID: payments[o.ID].ID,
		DealID: o.DealID, AccountID: o.AccountID, Subject: string(v.ID) + "/expiry", Amount: won,
		Cause: payment.CauseExpiry, RequestedAt: tx.Now(), DueAt: r.Due(tx.Now())}
	if ok, err := voucher.ClaimExpiry(ctx, tx, v.ID, f.ID); err != nil || !ok {
		return f, changed(err)
	}
	if err := payBack(ctx, tx, f); err != nil {
		return f, err
	}
	tellBack(tx, f, v.MerchantID, v.ID)
	return f, ledger.Post(ctx, tx, []ledger.Entry{ledger.Claimed(ledger.Return{About: ledger.About{DealID: v.DealID,
		OrderID: o.ID, VoucherID: v.ID, MerchantID: v.MerchantID, PolicyID: o.PolicyID}, RefundID: f.ID, Amount: won})})
}
