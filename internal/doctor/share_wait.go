package doctor

import (
	"context"
	"time"
)

// shareTimes ask what shares of wishes wait for (32, 79).
func shareTimes() []Question { return []Question{{Name: "late_shares", Walk: walkLateShares}} }

// How long a sweep may be late.
const (
	shareGrace   = time.Hour
	addressGrace = 24 * time.Hour
)

// walkLateShares: no share waits for a clock that has struck, no escrow of which every share has ended stays open (32),
// and no address outlives its time (79).
func walkLateShares(ctx context.Context, w *Walk) error {
	if w.options.Resting {
		return nil
	}
	before := w.Now().Add(-shareGrace)
	if err := w.list(ctx, 32, "share_late", `SELECT order_id, due_at, amount FROM escrow_share WHERE order_id > $1
 AND due_at < $2 ORDER BY order_id LIMIT $3`, before); err != nil {
		return err
	}
	if err := w.list(ctx, 32, "share_unsent", `SELECT s.order_id, e.lapse_at, s.amount FROM escrow_share s
 JOIN escrow e ON e.wish_id = s.wish_id WHERE s.order_id > $1 AND s.state = 'held' AND e.ended_at IS NULL
 AND e.phase = 'fulfilling' AND e.lapse_at < $2 ORDER BY s.order_id LIMIT $3`, before); err != nil {
		return err
	}
	if err := w.list(ctx, 32, "escrow_open", `SELECT e.wish_id, e.shares, 0 FROM escrow e WHERE e.wish_id > $1
 AND e.phase = 'fulfilling' AND e.ended_at IS NULL AND e.begun_at < $2 AND e.shares > 0
 AND NOT EXISTS (SELECT 1 FROM escrow_share s WHERE s.wish_id = e.wish_id
  AND (s.ended_at IS NULL OR s.ended_at >= $2)) ORDER BY e.wish_id LIMIT $3`, before); err != nil {
		return err
	}
	return w.list(ctx, 79, "address_kept", `SELECT a.order_id, s.address_until, 0 FROM escrow_address a
 JOIN escrow_share s ON s.order_id = a.order_id WHERE a.order_id > $1 AND s.address_until < $2
 ORDER BY a.order_id LIMIT $3`, w.Now().Add(-addressGrace))
}
