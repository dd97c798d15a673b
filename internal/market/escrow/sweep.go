package escrow

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const sqlDue = `SELECT ` + shareColumns + ` FROM escrow_share WHERE due_at <= $1 ORDER BY due_at, order_id LIMIT $2`

// Held shares have no time of their own: they follow their escrow.
const sqlLapsed = `SELECT ` + shareColumns + ` FROM escrow_share WHERE state = 'held' AND wish_id IN
 (SELECT wish_id FROM escrow WHERE ended_at IS NULL AND (phase = 'void' OR phase = 'fulfilling' AND lapse_at <= $1))
 ORDER BY wish_id, order_id LIMIT $2`

// Sweep does what the clock owes to up to limit shares and gives those that have ended: silence after a delivery
// releases, what was not sent or never proven to arrive goes back, as does everything of a void escrow, and a dispute
// whose time has run out is decided. Fewer than limit means that nothing is left; it may stop at any time and go on
// anywhere.
func Sweep(ctx context.Context, tx *db.Tx, r Rules, limit int) ([]End, error) {
	due, err := db.All(ctx, tx, scanShare, sqlDue, db.Micros(tx.Now()), limit)
	if err != nil {
		return nil, err
	}
	if left := limit - len(due); left > 0 {
		lapsed, err := db.All(ctx, tx, scanShare, sqlLapsed, db.Micros(tx.Now()), left)
		if err != nil {
			return nil, err
		}
		due = append(due, lapsed...)
	}
	was := make(map[market.OrderID]Share, len(due))
	for _, s := range due {
		was[s.OrderID] = s
	}
	b, err := batchOf(ctx, tx, was)
	if err != nil {
		return nil, err
	}
	decided, err := decideOverdue(ctx, tx, due)
	if err != nil {
		return nil, err
	}
	var ends []End
	for _, s := range due {
		e := b.escrows[s.WishID]
		next, over := e.Overdue(s, r, tx.Now())
		if d, decided := decided[s.OrderID]; decided {
			next, over = d.Settle(s, r, tx.Now()), true
		}
		if over {
			ends = append(ends, e.ending(b.put(next)))
		}
	}
	return ends, write(ctx, tx, b.moves())
}

// decideOverdue ends the disputes about shares in which somebody's time has run out.
func decideOverdue(ctx context.Context, tx *db.Tx, due []Share) (map[market.OrderID]Dispute, error) {
	var ids []market.OrderID
	for _, s := range due {
		if s.State == Disputed {
			ids = append(ids, s.OrderID)
		}
	}
	all, err := loadDisputes(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	live, err := LoadShipments(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	decided := map[market.OrderID]Dispute{}
	var list []argument
	for _, id := range ids {
		if next, over := all[id].Overdue(live[id].Proven(), tx.Now()); over {
			decided[id] = next
			list = append(list, argument{all[id], next})
		}
	}
	return decided, writeDisputes(ctx, tx, list)
}

// Waiting tells whether Sweep would do anything, without writing.
func Waiting(ctx context.Context, q db.Querier, now time.Time) (bool, error) {
	for _, text := range []string{sqlDue, sqlLapsed} {
		found, err := db.All(ctx, q, scanShare, text, db.Micros(now), 1)
		if err != nil || len(found) > 0 {
			return len(found) > 0, err
		}
	}
	return false, nil
}
