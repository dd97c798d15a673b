package doctor

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// orderQuestions ask what orders, payments and refunds wait for (4, 21, 34); package rows compares them.
func orderQuestions() []Question { return []Question{{Name: "late_money", Walk: walkLateMoney}} }

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
