package desk

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Service is how a seller served those who had paid it.
type Service struct {
	Over  bool
	Units int64 // that were paid for when it began
	Fault int64 // that went back by its fault
}

// fault is an ending that a seller has to answer for: nothing came, it gave everything up, or in a dispute it gave in,
// kept silent, or was found to owe all of it. Who only changed their mind was not failed.
const fault = `(s.outcome IN ('unsent', 'undelivered', 'given_back')
 OR (s.outcome IN ('seller_silent', 'seller_gave_in') OR s.outcome = 'ruled' AND s.refunded = s.amount)
 AND NOT EXISTS (SELECT 1 FROM escrow_dispute q WHERE q.order_id = s.order_id AND q.reason = 'regret'))`

// ServiceOf tells how a seller has served a wish; of one whose escrow is another's, or is not over, nothing is known.
func ServiceOf(ctx context.Context, q db.Querier, id market.WishID, who market.MerchantID) (Service, error) {
	s, err := db.One(ctx, q, func(r db.Row) (s Service, err error) { return s, r.Scan(&s.Units, &s.Fault) },
		`SELECT CAST(coalesce(sum(s.quantity), 0) AS bigint),
 CAST(coalesce(sum(CASE WHEN `+fault+` THEN s.quantity ELSE 0 END), 0) AS bigint)
 FROM escrow e LEFT JOIN escrow_share s ON s.wish_id = e.wish_id AND s.ended_at >= e.begun_at
 WHERE e.wish_id = $1 AND e.merchant_id = $2 AND e.phase = 'done' GROUP BY e.wish_id`, string(id), string(who))
	if db.IsNoRow(err) {
		return Service{}, nil
	}
	s.Over = err == nil
	return s, err
}

// Wronged is a member whom a seller failed.
type Wronged struct {
	OrderID   market.OrderID
	AccountID market.AccountID
}

// WrongedOf lists them by their orders: whose shares were paid and had not ended at an instant, or, without one, whose
// shares ended by the seller's fault.
func WrongedOf(ctx context.Context, q db.Querier, id market.WishID, at time.Time) ([]Wronged, error) {
	scan := func(r db.Row) (w Wronged, err error) { return w, r.Scan(&w.OrderID, &w.AccountID) }
	if at.IsZero() {
		return db.All(ctx, q, scan, `SELECT s.order_id, s.account_id FROM escrow_share s WHERE s.wish_id = $1 AND `+
			fault+` ORDER BY s.order_id`, string(id))
	}
	return db.All(ctx, q, scan, `SELECT order_id, account_id FROM escrow_share WHERE wish_id = $1 AND paid_at <= $2
 AND (ended_at IS NULL OR ended_at >= $2) ORDER BY order_id`, string(id), db.Micros(at))
}
