package pass

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// numberedMax bounds how many orders of one seller may end alike.
const numberedMax = 16

// Numbered gives the orders among a seller's handed over at branches whose id ends with a number: those in fulfilment
// before those of the past.
func Numbered(
	ctx context.Context, q db.Querier, seller market.MerchantID, number string,
) ([]market.OrderID, error) {
	return db.All(ctx, q, db.Scalar[market.OrderID], `SELECT s.order_id FROM escrow e
 JOIN escrow_share s ON s.wish_id = e.wish_id
 WHERE e.merchant_id = $1 AND e.delivery = 'branch' AND e.phase IN ('fulfilling', 'done')
 AND substr(s.order_id, length(s.order_id) - 7) = $2 ORDER BY e.phase DESC, s.order_id DESC LIMIT $3`,
		string(seller), number, numberedMax)
}
