package bid

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Sellers counts who has bid in a round of an auction, whatever became of it.
func Sellers(ctx context.Context, q db.Querier, id market.WishID, round int64) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64], `SELECT count(DISTINCT merchant_id) FROM bid WHERE wish_id = $1
 AND round = $2`, string(id), round)
}
