package ledger

import (
	"context"
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// MarkPolicy names the instant from which on every entry about an order carries its policies (invariant 11).
const MarkPolicy = "policy"

// Marked gives the instant from which on an invariant binds that older entries do not keep: entries never change.
func Marked(ctx context.Context, q db.Querier, name string) (time.Time, error) {
	at, err := db.One(ctx, q, db.Scalar[int64], `SELECT at FROM ledger_mark WHERE name = $1`, name)
	if err != nil {
		return time.Time{}, fmt.Errorf("mark %s: %w", name, err)
	}
	return db.FromMicros(at), nil
}
