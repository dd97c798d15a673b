package rows

import "time"

// Wait is a question of rows that wait longer than their time: a statement that gives their keys after $1, from before
// $2, at most $3.
type Wait struct {
	Number int // in docs/invariants.md
	Code   string
	Text   string
	Grace  time.Duration // how far before now $2 lies
	Always bool          // also while no server works
}

// How long work may be on a way that takes minutes when all is well.
const (
	holdGrace    = 30 * time.Minute
	captureGrace = 24 * time.Hour // a gateway that is silent for hours is its fault, and shown to operators at once
	eventGrace   = 10 * time.Minute
	shareGrace   = time.Hour
	addressGrace = 24 * time.Hour
)

// LateMoney asks of holds, captures and refunds that wait longer than their time (4, 21, 34).
func LateMoney() []Wait {
	return []Wait{
		{75, "refund_stuck", `SELECT id, attempts, amount FROM refund
 WHERE id > $1 AND state = 'stuck' AND requested_at <= $2 ORDER BY id LIMIT $3`, 0, true},
		{4, "hold_late", `SELECT o.id, o.quantity, o.amount FROM orders o WHERE o.id > $1
 AND o.state = 'held' AND o.hold_until < $2
 AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.order_id = o.id AND p.state = 'confirming')
 ORDER BY o.id LIMIT $3`, holdGrace, false},
		{21, "capture_late", `SELECT id, version, amount FROM payment WHERE id > $1
 AND state = 'confirming' AND created_at < $2 ORDER BY id LIMIT $3`, captureGrace, false},
		{75, "refund_late", `SELECT id, attempts, amount FROM refund WHERE id > $1
 AND state IN ('decided', 'sent') AND due_at < $2 ORDER BY id LIMIT $3`, 0, false},
	}
}

// Unnumbered asks of events that wait long for their number (77).
func Unnumbered() Wait {
	return Wait{77, "event_unnumbered", `SELECT id, version, 0 FROM kit_event WHERE id > $1 AND seq IS NULL
 AND at < $2 ORDER BY id LIMIT $3`, eventGrace, false}
}

// LateShares asks of shares that wait for a clock that has struck, of escrows of which every share has ended (32), and
// of addresses that outlive their time (79).
func LateShares() []Wait {
	return []Wait{
		{32, "share_late", `SELECT order_id, due_at, amount FROM escrow_share WHERE order_id > $1
 AND due_at < $2 ORDER BY order_id LIMIT $3`, shareGrace, false},
		{32, "share_unsent", `SELECT s.order_id, e.lapse_at, s.amount FROM escrow_share s
 JOIN escrow e ON e.wish_id = s.wish_id WHERE s.order_id > $1 AND s.state = 'held' AND e.ended_at IS NULL
 AND e.phase = 'fulfilling' AND e.lapse_at < $2 ORDER BY s.order_id LIMIT $3`, shareGrace, false},
		{32, "escrow_open", `SELECT e.wish_id, e.shares, 0 FROM escrow e WHERE e.wish_id > $1
 AND e.phase = 'fulfilling' AND e.ended_at IS NULL AND e.begun_at < $2 AND e.shares > 0
 AND NOT EXISTS (SELECT 1 FROM escrow_share s WHERE s.wish_id = e.wish_id
  AND (s.ended_at IS NULL OR s.ended_at >= $2)) ORDER BY e.wish_id LIMIT $3`, shareGrace, false},
		{79, "address_kept", `SELECT a.order_id, s.address_until, 0 FROM escrow_address a
 JOIN escrow_share s ON s.order_id = a.order_id WHERE a.order_id > $1 AND s.address_until < $2
 ORDER BY a.order_id LIMIT $3`, addressGrace, false},
	}
}
