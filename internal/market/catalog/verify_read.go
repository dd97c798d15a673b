package catalog

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Business is a merchant and its registration number.
type Business struct {
	ID     market.MerchantID
	Number string
}

// Unverified lists sellers with a bid that may win or has won, whom nobody has approved and whose present number no
// register was asked about.
func Unverified(ctx context.Context, q db.Querier, limit int) ([]Business, error) {
	return db.All(ctx, q, func(r db.Row) (Business, error) {
		var b Business
		err := r.Scan(&b.ID, &b.Number)
		return b, err
	}, `SELECT m.id, m.business_number FROM merchant m
 WHERE m.id IN (SELECT merchant_id FROM bid WHERE state IN ('standing', 'winner'))
 AND m.state IN ('draft', 'submitted') AND m.business_number <> ''
 AND NOT EXISTS (SELECT 1 FROM merchant_verify v WHERE v.merchant_id = m.id AND v.number = m.business_number)
 ORDER BY m.id LIMIT $1`, limit)
}
