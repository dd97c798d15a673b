package payment

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// InterestSum is how much of all interest has not arrived.
type InterestSum struct {
	Count int64
	Won   int64
}

// OwedInterest lists interest that has not arrived, whose debt is the oldest first, after an id; "" begins.
func OwedInterest(ctx context.Context, q db.Querier, after string, limit int) ([]Interest, error) {
	return db.All(ctx, q, scanInterest, `SELECT `+interestColumns+` FROM interest WHERE state IN ('asked', 'due', 'sent')
 AND id > $1 ORDER BY id LIMIT $2`, after, limit)
}

// SumInterest adds up what OwedInterest lists.
func SumInterest(ctx context.Context, q db.Querier) (InterestSum, error) {
	return db.One(ctx, q, func(r db.Row) (s InterestSum, err error) { return s, r.Scan(&s.Count, &s.Won) },
		`SELECT count(*), COALESCE(sum(amount), 0) FROM interest WHERE state IN ('asked', 'due', 'sent')`)
}
