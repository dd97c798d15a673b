package doctor

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
)

// boughtUnder is an entry about an order with the policies that it names, and those of the order.
type boughtUnder struct {
	id            market.EntryID
	policy, order string
	rule          string
	at            time.Time
}

func scanBoughtUnder(r db.Row) (boughtUnder, error) {
	var b boughtUnder
	err := r.Scan(&b.id, &b.policy, &b.order, &b.rule, db.Time(&b.at))
	return b, err
}

const sqlBoughtUnder = `SELECT e.id, e.policy_id, o.policy_id, e.rule, e.at FROM ledger_entry e
 JOIN orders o ON o.id = e.order_id WHERE e.id > $1 AND e.id <= $2 AND e.policy_id <> o.policy_id ORDER BY e.id`

// walkPolicies: an entry about an order carries the policies under which it was bought (11). What older entries
// carry is as it is: they never change.
func walkPolicies(ctx context.Context, w *Walk) error {
	return w.Slices(ctx, func(r *db.ReadTx, after string) (string, int, error) {
		ids, err := db.All(ctx, r, db.Scalar[string], `SELECT id FROM ledger_entry WHERE id > $1 ORDER BY id LIMIT $2`,
			after, w.Limit())
		if err != nil || len(ids) == 0 {
			return "", 0, err
		}
		bound, err := ledger.Marked(ctx, r, ledger.MarkPolicy)
		if err != nil {
			return "", 0, err
		}
		last := ids[len(ids)-1]
		rows, err := db.All(ctx, r, scanBoughtUnder, sqlBoughtUnder, after, last)
		for _, b := range rows {
			switch {
			case !b.at.After(bound):
			case b.policy == "":
				w.Found(11, "entry_policy_missing", string(b.id), "Rule", b.rule, "Order", b.order)
			default:
				w.Found(11, "entry_policy_other", string(b.id), "Policy", b.policy, "Order", b.order)
			}
		}
		return last, len(ids), err
	})
}
