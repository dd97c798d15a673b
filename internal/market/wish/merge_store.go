package wish

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Merge ends a wish, in the state in which it was read, in favour of another. It answers false when it is no longer as
// it was read; ErrState refuses a wish that does not gather any more.
func Merge(ctx context.Context, tx *db.Tx, w Wish, into market.WishID) (bool, error) {
	to, err := Next(w.State, ActMerge, ByLead)
	if err != nil {
		return false, err
	}
	n, err := db.Exec(ctx, tx, `UPDATE wish SET state = $3, ended_at = $4, merged_into = $5, version = version + 1
 WHERE id = $1 AND version = $2`, string(w.ID), w.Version, string(to), db.Micros(tx.Now()), string(into))
	return n == 1, err
}

// Comers lists accounts that stand in a wish, firm or watching, after an account.
func Comers(ctx context.Context, q db.Querier, id market.WishID, after market.AccountID, limit int,
) ([]market.AccountID, error) {
	return db.All(ctx, q, db.Scalar[market.AccountID], `SELECT account_id FROM wish_member
 WHERE id > $1 AND id < $2 AND kind IN ('firm', 'watching') ORDER BY id LIMIT $3`,
		string(id)+":"+string(after), string(id)+";", int64(limit)) // a member's id is the wish's and the account's
}

// MayMerge answers whether a wish may go over into another: it gathers, the other takes members, and they are two.
func (w Wish) MayMerge(into Wish, now time.Time) error {
	if w.ID == into.ID {
		return ErrSame
	}
	if _, err := Next(w.State, ActMerge, ByLead); err != nil || w.Open(now) != nil {
		return ErrMergeLate
	}
	if into.Open(now) != nil {
		return ErrMergeInto
	}
	return nil
}

// Belongs reports a member, firm or watching.
func (m Member) Belongs() bool { return m.Kind == Firm || m.Kind == Watching }

// MergedFrom lists the wishes that merged into one, the first one first.
func MergedFrom(ctx context.Context, q db.Querier, id market.WishID, limit int) ([]Wish, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM wish WHERE merged_into = $1 AND merged_into <> ''
 ORDER BY ended_at, id LIMIT $2`, string(id), int64(limit))
}
