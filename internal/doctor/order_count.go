package doctor

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// orderQuestions compare orders, payments and refunds with each other (4, 18, 21, 73–75).
func orderQuestions() []Question {
	return []Question{
		{Name: "orders", Walk: walkTable(table{
			keys: `SELECT id FROM orders WHERE id > $1 ORDER BY id LIMIT $2`,
			rules: []rule{
				{73, "order_vouchers", `SELECT o.id, (SELECT count(*) FROM voucher v WHERE v.order_id = o.id), o.quantity
 FROM orders o WHERE o.id > $1 AND o.id <= $2 AND o.state IN ('paid', 'refunded')
 AND o.quantity <> (SELECT count(*) FROM voucher v WHERE v.order_id = o.id)`},
				{73, "order_unpaid_vouchers", `SELECT o.id, (SELECT count(*) FROM voucher v WHERE v.order_id = o.id), 0
 FROM orders o WHERE o.id > $1 AND o.id <= $2 AND o.state IN ('held', 'lapsed', 'cancelled')
 AND EXISTS (SELECT 1 FROM voucher v WHERE v.order_id = o.id)`},
				{74, "order_refunded_units", `SELECT o.id, o.refunded_units, (SELECT CAST(coalesce(sum(f.units), 0) AS bigint)
 FROM refund f WHERE f.order_id = o.id) FROM orders o WHERE o.id > $1 AND o.id <= $2
 AND o.state IN ('paid', 'refunded')
 AND o.refunded_units <> (SELECT coalesce(sum(f.units), 0) FROM refund f WHERE f.order_id = o.id)`},
				{74, "order_refunded_won", `SELECT o.id, o.refunded_won, (SELECT CAST(coalesce(sum(f.amount), 0) AS bigint)
 FROM refund f WHERE f.order_id = o.id) FROM orders o WHERE o.id > $1 AND o.id <= $2
 AND o.refunded_won > (SELECT coalesce(sum(f.amount), 0) FROM refund f WHERE f.order_id = o.id)`},
				{21, "order_payment", `SELECT o.id, 0, o.amount FROM orders o WHERE o.id > $1 AND o.id <= $2
 AND o.state IN ('paid', 'refunded') AND NOT EXISTS
 (SELECT 1 FROM payment p WHERE p.order_id = o.id AND p.state = 'captured' AND p.amount = o.amount)`},
			}})},
		{Name: "payments", Walk: walkTable(table{
			keys: `SELECT id FROM payment WHERE id > $1 ORDER BY id LIMIT $2`,
			rules: []rule{
				{18, "payment_rest", `SELECT p.id, p.refundable, (SELECT CAST(p.amount - coalesce(sum(f.amount), 0) AS bigint)
 FROM refund f WHERE f.payment_id = p.id) FROM payment p WHERE p.id > $1 AND p.id <= $2 AND p.state = 'captured'
 AND p.refundable <> p.amount - (SELECT coalesce(sum(f.amount), 0) FROM refund f WHERE f.payment_id = p.id)`},
				{21, "payment_homeless", `SELECT p.id, 0, p.amount FROM payment p WHERE p.id > $1 AND p.id <= $2
 AND p.state = 'captured'
 AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = p.order_id AND o.state IN ('paid', 'refunded'))
 AND NOT EXISTS (SELECT 1 FROM refund f WHERE f.payment_id = p.id AND f.amount = p.amount)`},
				{75, "payment_entry", `SELECT p.id, 0, 1 FROM payment p WHERE p.id > $1 AND p.id <= $2
 AND p.state = 'captured' AND NOT EXISTS
 (SELECT 1 FROM ledger_entry e WHERE e.scope IN ('R2/' || p.id, 'R2c/' || p.id))`},
			}})},
		{Name: "refunds", Walk: walkTable(table{
			keys: `SELECT id FROM refund WHERE id > $1 ORDER BY id LIMIT $2`,
			rules: []rule{
				{75, "refund_payment", `SELECT f.id, 0, f.amount FROM refund f WHERE f.id > $1 AND f.id <= $2 AND NOT EXISTS
 (SELECT 1 FROM payment p WHERE p.id = f.payment_id AND p.order_id = f.order_id AND p.state = 'captured')`},
				{75, "refund_entry", `SELECT f.id, 0, 1 FROM refund f WHERE f.id > $1 AND f.id <= $2
 AND f.state IN ('accepted', 'settled') AND NOT EXISTS
 (SELECT 1 FROM ledger_entry e WHERE e.scope = 'R8/' || f.id || '/accepted')`},
			}})},
		{Name: "late_money", Walk: walkLateMoney},
	}
}

// How long money may be on a way that takes minutes when all is well.
const (
	holdGrace    = 30 * time.Minute
	captureGrace = 24 * time.Hour // a gateway that is silent for hours is its fault, and shown to operators at once
)

// walkLateMoney: no hold, capture or refund waits longer than its time (4, 21, 34).
func walkLateMoney(ctx context.Context, w *Walk) error {
	err := w.list(ctx, 75, "refund_stuck", `SELECT id, attempts, amount FROM refund
 WHERE id > $1 AND state = 'stuck' AND requested_at <= $2 ORDER BY id LIMIT $3`, w.Now())
	if err != nil || w.options.Resting {
		return err
	}
	if err := w.list(ctx, 4, "hold_late", `SELECT o.id, o.quantity, o.amount FROM orders o WHERE o.id > $1
 AND o.state = 'held' AND o.hold_until < $2
 AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.order_id = o.id AND p.state = 'confirming')
 ORDER BY o.id LIMIT $3`, w.Now().Add(-holdGrace)); err != nil {
		return err
	}
	if err := w.list(ctx, 21, "capture_late", `SELECT id, version, amount FROM payment WHERE id > $1
 AND state = 'confirming' AND created_at < $2 ORDER BY id LIMIT $3`, w.Now().Add(-captureGrace)); err != nil {
		return err
	}
	return w.list(ctx, 75, "refund_late", `SELECT id, attempts, amount FROM refund WHERE id > $1
 AND state IN ('decided', 'sent') AND due_at < $2 ORDER BY id LIMIT $3`, w.Now())
}

// list finds every row of a statement that gives rows after $1 and from before $2, at most $3.
func (w *Walk) list(ctx context.Context, number int, code, text string, before time.Time) error {
	return w.Slices(ctx, func(r *db.ReadTx, after string) (string, int, error) {
		broken, err := db.All(ctx, r, scanBreach, text, after, db.Micros(before), w.Limit())
		if err != nil || len(broken) == 0 {
			return "", 0, err
		}
		for _, b := range broken {
			w.Found(number, code, b.row, "Is", b.is, "Want", b.want)
		}
		return broken[len(broken)-1].row, len(broken), nil
	})
}
