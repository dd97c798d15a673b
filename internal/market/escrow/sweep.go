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

// Due lists up to limit shares on which the clock was to act by an instant: what Sweep takes next, and, of an instant
// that is long past, what a sweep has missed (32).
func Due(ctx context.Context, q db.Querier, by time.Time, limit int) ([]Share, error) {
	due, err := db.All(ctx, q, scanShare, sqlDue, db.Micros(by), limit)
	if err != nil || len(due) == limit {
		return due, err
	}
	lapsed, err := db.All(ctx, q, scanShare, sqlLapsed, db.Micros(by), limit-len(due))
	return append(due, lapsed...), err
}

// Sweep does what the clock owes to up to limit shares and gives those that have ended: silence after a delivery
// releases, what was not sent or never proven to arrive goes back, as does everything of a void escrow, and a dispute
// whose time has run out is decided. Fewer than limit means that nothing is left; it may stop at any time and go on
// anywhere.
func Sweep(ctx context.Context, tx *db.Tx, r Rules, limit int) ([]End, error) {
	due, err := Due(ctx, tx, tx.Now(), limit)
	if err != nil {
		return nil, err
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
