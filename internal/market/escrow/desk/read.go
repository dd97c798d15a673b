package desk

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
)

// Escrows lists a seller's escrows whose members have paid, newest wish first; before "" begins at the newest.
func Escrows(
	ctx context.Context, q db.Querier, seller market.MerchantID, before market.WishID, limit int,
) ([]escrow.Escrow, error) {
	if before == "" {
		before = "~"
	}
	ids, err := db.All(ctx, q, db.Scalar[market.WishID], `SELECT wish_id FROM escrow WHERE merchant_id = $1
 AND wish_id < $2 AND phase IN ('fulfilling', 'done') ORDER BY wish_id DESC LIMIT $3`,
		string(seller), string(before), limit)
	if err != nil {
		return nil, err
	}
	known, err := escrow.Load(ctx, q, ids)
	out := make([]escrow.Escrow, 0, len(ids))
	for _, id := range ids {
		if e, ok := known[id]; ok {
			out = append(out, e)
		}
	}
	return out, err
}

// Stand adds up where the won of a seller's members is, over all wishes that it serves or has served.
func Stand(ctx context.Context, q db.Querier, seller market.MerchantID) (escrow.Stand, error) {
	return db.One(ctx, q, func(r db.Row) (escrow.Stand, error) {
		var x escrow.Stand
		err := r.Scan(&x.Held, &x.Frozen, &x.Released, &x.Refunded)
		return x, err
	}, `SELECT CAST(coalesce(SUM(CASE WHEN s.state IN ('held', 'shipped', 'delivered') THEN s.amount END), 0) AS bigint),
 CAST(coalesce(SUM(CASE WHEN s.state = 'disputed' THEN s.amount END), 0) AS bigint),
 CAST(coalesce(SUM(s.released), 0) AS bigint), CAST(coalesce(SUM(s.refunded), 0) AS bigint)
 FROM escrow e JOIN escrow_share s ON s.wish_id = e.wish_id
 WHERE e.merchant_id = $1 AND e.phase IN ('fulfilling', 'done')`, string(seller))
}

// Disputes lists a seller's disputes, those that wait for somebody first.
func Disputes(ctx context.Context, q db.Querier, seller market.MerchantID, limit int) ([]escrow.Dispute, error) {
	ids, err := db.All(ctx, q, db.Scalar[market.OrderID], `SELECT order_id FROM escrow_dispute
 WHERE wish_id IN (SELECT wish_id FROM escrow WHERE merchant_id = $1)
 ORDER BY ended_at IS NOT NULL, due_at, order_id LIMIT $2`, string(seller), limit)
	if err != nil {
		return nil, err
	}
	out := make([]escrow.Dispute, len(ids))
	for i, id := range ids {
		if out[i], err = escrow.FindDispute(ctx, q, id); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Over lists wishes whose every share has ended while their escrow has not: what escrow.Finish takes next.
func Over(ctx context.Context, q db.Querier, limit int) ([]market.WishID, error) {
	return db.All(ctx, q, db.Scalar[market.WishID], `SELECT e.wish_id FROM escrow e
 WHERE e.ended_at IS NULL AND e.phase IN ('fulfilling', 'void') AND NOT EXISTS (SELECT 1 FROM escrow_share s
 WHERE s.wish_id = e.wish_id AND s.state IN ('held', 'shipped', 'delivered', 'disputed'))
 ORDER BY e.wish_id LIMIT $1`, limit)
}
