package refund

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// Preview is what would come back if the buyer asked now.
type Preview struct {
	Vouchers []voucher.Voucher
	Amount   int64 // won
	DueAt    time.Time
	// Earlier is the refund that the same request has already brought, nil when there is none: sending it again is
	// answered with it.
	Earlier *payment.Refund
}

// Look shows what Cancel would give back; it changes nothing.
func (r *Refunds) Look(ctx context.Context, actor market.Actor, id market.OrderID) (Preview, error) {
	return r.look(ctx, id, "order", func(q db.Querier, o order.Order) ([]voucher.Voucher, error) {
		if err := right.Check(actor, right.OrderRefund, right.Mine(o.AccountID)); err != nil {
			return nil, err
		}
		return voucher.OfOrder(ctx, q, o.ID)
	})
}

// LookVoucher shows what CancelVoucher would give back; it changes nothing.
func (r *Refunds) LookVoucher(ctx context.Context, actor market.Actor, id market.VoucherID) (Preview, error) {
	v, err := voucher.Find(ctx, r.DB, id)
	if err != nil {
		return Preview{}, err
	}
	return r.look(ctx, v.OrderID, string(id), func(q db.Querier, o order.Order) ([]voucher.Voucher, error) {
		if err := right.Check(actor, right.VoucherRefund, right.Mine(o.AccountID)); err != nil {
			return nil, err
		}
		v, err := voucher.Find(ctx, q, id)
		return []voucher.Voucher{v}, err
	})
}

func (r *Refunds) look(
	ctx context.Context, id market.OrderID, subject string, list func(db.Querier, order.Order) ([]voucher.Voucher, error),
) (Preview, error) {
	var out Preview
	now := r.DB.Clock().Now()
	err := r.DB.Read(ctx, func(q *db.ReadTx) error {
		o, err := order.Find(ctx, q, id)
		if err != nil {
			return err
		}
		all, err := list(q, o)
		if err != nil {
			return err
		}
		earlier, err := payment.RefundsOf(ctx, q, id)
		if err != nil {
			return err
		}
		out.Earlier = payment.About(earlier, subject)
		out.Vouchers, err = voucher.Refundable(all, now)
		if err != nil && out.Earlier == nil {
			return err
		}
		back := voucher.Backing{}
		for _, v := range out.Vouchers {
			back = back.Add(v)
		}
		out.Amount, out.DueAt = back.Won, r.Due(now)
		return nil
	})
	return out, err
}
