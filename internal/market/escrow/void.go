package escrow

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Empty gives back up to limit shares of one void escrow and says what it means: what Sweep does for all, at once for
// the one whose seller has just failed. Fewer than limit means that nothing is left.
func Empty(ctx context.Context, tx *db.Tx, id market.WishID, r Rules, limit int) ([]End, error) {
	e, err := Find(ctx, tx, id)
	if err != nil || e.Phase != Void {
		return nil, err
	}
	held, err := db.All(ctx, tx, scanShare, `SELECT `+shareColumns+` FROM escrow_share
 WHERE wish_id = $1 AND state = 'held' ORDER BY order_id LIMIT $2`, string(id), limit)
	if err != nil {
		return nil, err
	}
	var ends []End
	var moves []move
	for _, s := range held {
		next, over := e.Overdue(s, r, tx.Now())
		if !over {
			continue
		}
		next.Version = s.Version + 1
		moves, ends = append(moves, move{s, next}), append(ends, e.ending(next))
	}
	return ends, write(ctx, tx, moves)
}

// HeldUnits is how many units of a wish are paid for and wait: shares that ended while others paid are not among them.
func HeldUnits(ctx context.Context, q db.Querier, id market.WishID) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64], `SELECT CAST(coalesce(SUM(quantity), 0) AS bigint) FROM escrow_share
 WHERE wish_id = $1 AND state = 'held'`, string(id))
}

// Takes reports that money makes a share; MayPay says why it does not.
func (e Escrow) Takes(p Payment) bool { return e.MayPay(p) == nil }

// Ended reports a share whose money has gone where it goes.
func (s Share) Ended() bool { return s.State.Ended() }

// Parcel reports that members get what they paid for by parcel, so that each must say where to.
func (a Award) Parcel() bool { return a.Delivery == ByParcel }
