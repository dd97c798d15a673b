package notice

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/id"
)

// AnyBefore tells whether a notice was written before an instant: it is asked before the writer is taken.
func AnyBefore(ctx context.Context, q db.Querier, border time.Time) (bool, error) {
	_, err := db.One(ctx, q, db.Scalar[string], `SELECT id FROM notice WHERE id < $1 ORDER BY id LIMIT 1`,
		id.From(prefix, border))
	if db.IsNoRow(err) {
		return false, nil
	}
	return err == nil, err
}

// Forget deletes up to limit notices that were written before an instant, the oldest first, read or not.
func Forget(ctx context.Context, tx *db.Tx, border time.Time, limit int) (int64, error) {
	return db.Exec(ctx, tx, `DELETE FROM notice WHERE id IN (SELECT id FROM notice WHERE id < $1 ORDER BY id LIMIT $2)`,
		id.From(prefix, border), limit)
}
