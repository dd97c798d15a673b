package payment

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// SharesOf finds the payments that shares of wishes were made of: the captured one of each order of which the most can
// still go back, for money that came too late has gone back as a whole.
func SharesOf(ctx context.Context, q db.Querier, ids []market.OrderID) (map[market.OrderID]Payment, error) {
	rows, err := db.ByIDs(ctx, q, scan,
		`SELECT `+columns+` FROM payment WHERE order_id IN {ids} AND state = 'captured' ORDER BY id`, ids)
	out := make(map[market.OrderID]Payment, len(rows))
	for _, p := range rows {
		if best, known := out[p.OrderID]; !known || p.Refundable > best.Refundable {
			out[p.OrderID] = p
		}
	}
	return out, err
}

// CapturingWish tells whether the gateway is being asked about a payment of a wish now.
func CapturingWish(ctx context.Context, q db.Querier, id market.WishID) (bool, error) {
	return db.One(ctx, q, db.Scalar[bool], `SELECT EXISTS (SELECT 1 FROM payment WHERE wish_id = $1
 AND wish_id <> '' AND purpose = '' AND state = 'confirming')`, string(id))
}

// ConfirmingShares lists attempts to pay shares of wishes, made before the given instant, that the gateway was asked
// about without a known answer.
func ConfirmingShares(ctx context.Context, q db.Querier, before time.Time, limit int) ([]Payment, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM payment WHERE state = 'confirming' AND wish_id <> ''
 AND purpose = '' AND created_at < $1 ORDER BY created_at, id LIMIT $2`, db.Micros(before), limit)
}

// CapturingShares names the orders of a wish that the gateway is being asked about now.
func CapturingShares(ctx context.Context, q db.Querier, id market.WishID) ([]market.OrderID, error) {
	return db.All(ctx, q, db.Scalar[market.OrderID], `SELECT order_id FROM payment WHERE wish_id = $1
 AND wish_id <> '' AND purpose = '' AND state = 'confirming' ORDER BY order_id`, string(id))
}
