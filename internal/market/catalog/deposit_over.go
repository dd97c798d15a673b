package catalog

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// OverDeposit bounds a look for deposits that wait for nothing any more.
type OverDeposit struct {
	After  market.OrderID
	Unused time.Time // what was put down until then, and not bid with, is free
	Limit  int
}

// OverDeposits finds deposits that are down though no bid of their seller stands or waits for its end.
func OverDeposits(ctx context.Context, q db.Querier, o OverDeposit) ([]market.OrderID, error) {
	return db.All(ctx, q, db.Scalar[market.OrderID], `SELECT d.id FROM bid_deposit d
 JOIN auction a ON a.wish_id = d.wish_id WHERE d.state = 'held' AND d.id > $1
 AND NOT EXISTS (SELECT 1 FROM bid b WHERE b.wish_id = d.wish_id AND b.merchant_id = d.merchant_id
  AND b.state = 'standing')
 AND NOT EXISTS (SELECT 1 FROM bid b WHERE b.wish_id = d.wish_id AND b.merchant_id = d.merchant_id
  AND b.state = 'winner' AND NOT EXISTS (SELECT 1 FROM escrow e WHERE e.wish_id = d.wish_id AND e.phase = 'done'))
 AND (d.paid_at <= $2 OR a.state NOT IN ('planned', 'open') OR EXISTS (SELECT 1 FROM bid b
  WHERE b.wish_id = d.wish_id AND b.merchant_id = d.merchant_id AND b.ended_at >= d.paid_at))
 ORDER BY d.id LIMIT $3`, string(o.After), db.Micros(o.Unused), o.Limit)
}
