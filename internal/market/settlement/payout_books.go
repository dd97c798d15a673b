package settlement

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// HeldForBooks lists payouts after an id that wait because our books did not agree, the oldest first.
func HeldForBooks(ctx context.Context, q db.Querier, after string, limit int) ([]Payout, error) {
	return db.All(ctx, q, scanPayout, `SELECT `+payoutColumns+` FROM payout
 WHERE state = 'held' AND hold_code = 'books' AND id > $1 ORDER BY id LIMIT $2`, after, limit)
}

// HoldOtherwise gives a held payout the reason that a plan finds for it now; the first reason is past.
func HoldOtherwise(ctx context.Context, tx *db.Tx, p Payout) error {
	_, err := db.Exec(ctx, tx, `UPDATE payout SET hold_code = $2, hold_reason = $3, version = version + 1
 WHERE id = $1 AND state = 'held' AND hold_code = 'books'`, string(p.ID), string(p.HoldCode), p.HoldReason)
	return err
}

// Books reports a payout that waits because our books do not agree.
func (p Payout) Books() bool { return p.State == PayoutHeld && p.HoldCode == HoldBooks }
