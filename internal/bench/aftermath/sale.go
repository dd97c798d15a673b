package aftermath

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Counts are what is wrong; all zero when nothing is.
type Counts struct {
	Oversold int64 // units beyond a capacity, and units that a deal's counters do not know
	Lost     int64 // purchases that callers were told of and that are not there, or have no voucher
	Double   int64 // buyers with two orders where one was allowed, and vouchers nobody paid for
}

// Sale looks at deals of which each buyer may have one unit; told are the orders that callers were told are paid.
func Sale(ctx context.Context, q db.Querier, deals []market.DealID, told [][]string) (c Counts, err error) {
	paid, err := db.All(ctx, q, db.Scalar[string], `SELECT id FROM orders WHERE state = 'paid'`)
	if err != nil {
		return c, err
	}
	twice, err := db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM (SELECT deal_id, account_id FROM orders
		WHERE state IN ('held', 'paid') GROUP BY deal_id, account_id HAVING count(*) > 1) twice`)
	if err != nil {
		return c, err
	}
	vouchers, err := db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM voucher`)
	if err != nil {
		return c, err
	}
	c.Double = twice + max(0, vouchers-int64(len(paid)))
	c.Lost = missing(paid, told) + max(0, int64(len(paid))-vouchers)
	for _, id := range deals {
		over, err := oversold(ctx, q, id)
		if err != nil {
			return c, err
		}
		c.Oversold += over
	}
	return c, nil
}

// missing counts ids that callers were told of and that are not there.
func missing(there []string, told [][]string) (n int64) {
	found := make(map[string]bool, len(there))
	for _, id := range there {
		found[id] = true
	}
	for _, ids := range told {
		for _, id := range ids {
			if !found[id] {
				n++
			}
		}
	}
	return n
}

// oversold counts units of a deal beyond its capacity, and units that its counters do not know.
func oversold(ctx context.Context, q db.Querier, id market.DealID) (int64, error) {
	type counts struct{ capacity, held, paid int64 }
	c, err := db.One(ctx, q, func(r db.Row) (c counts, err error) {
		return c, r.Scan(&c.capacity, &c.held, &c.paid)
	}, `SELECT capacity, held_units, paid_units FROM deal WHERE id = $1`, string(id))
	if err != nil {
		return 0, err
	}
	units, err := db.One(ctx, q, db.Scalar[int64], `SELECT coalesce(sum(quantity), 0) FROM orders
		WHERE deal_id = $1 AND state IN ('held', 'paid')`, string(id))
	if err != nil {
		return 0, err
	}
	off := units - c.held - c.paid
	return max(0, units-c.capacity) + max(off, -off), nil
}

// Unsold counts units that are still free although more people asked than there were units.
func Unsold(ctx context.Context, q db.Querier, id market.DealID) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64], `SELECT capacity - paid_units FROM deal WHERE id = $1`, string(id))
}
