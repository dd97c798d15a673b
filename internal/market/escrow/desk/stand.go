package desk

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
)

// StandOf adds up where the won of one wish's members is; together it is what they paid (invariant 31).
func StandOf(ctx context.Context, q db.Querier, id market.WishID) (escrow.Stand, error) {
	return db.One(ctx, q, func(r db.Row) (escrow.Stand, error) {
		var x escrow.Stand
		err := r.Scan(&x.Held, &x.Frozen, &x.Released, &x.Refunded)
		return x, err
	}, `SELECT CAST(coalesce(SUM(CASE WHEN state IN ('held', 'shipped', 'delivered') THEN amount END), 0) AS bigint),
 CAST(coalesce(SUM(CASE WHEN state = 'disputed' THEN amount END), 0) AS bigint),
 CAST(coalesce(SUM(released), 0) AS bigint), CAST(coalesce(SUM(paid - amount + refunded), 0) AS bigint)
 FROM escrow_share WHERE wish_id = $1`, string(id))
}
