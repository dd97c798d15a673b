package order

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// PoliciesOf gives the ids of the policies under which orders were placed; unknown orders are missing.
func PoliciesOf(ctx context.Context, q db.Querier, ids []market.OrderID) (map[market.OrderID]string, error) {
	type pair struct {
		id     market.OrderID
		policy string
	}
	rows, err := db.ByIDs(ctx, q, func(r db.Row) (p pair, err error) {
		err = r.Scan(&p.id, &p.policy)
		return p, err
	}, `SELECT id, policy_id FROM orders WHERE id IN `+db.IDsMark, ids)
	out := make(map[market.OrderID]string, len(rows))
	for _, p := range rows {
		out[p.id] = p.policy
	}
	return out, err
}
