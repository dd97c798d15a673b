package bench

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// checkSale opens the database of a killed server and counts what is oversold, lost and doubled; then it asks doctor.
func (s *Session) checkSale(ctx context.Context, w *stage.World, place stage.Place, h *rush) (err error) {
	d, err := db.Open(ctx, db.Options{URL: place.URL})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	paid, err := db.All(ctx, d, db.Scalar[string], `SELECT id FROM orders WHERE state = 'paid'`)
	if err != nil {
		return err
	}
	lost := missing(paid, h.acks)
	double, err := db.One(ctx, d, db.Scalar[int64], `SELECT count(*) FROM (SELECT deal_id, account_id FROM orders
		WHERE state IN ('held', 'paid') GROUP BY deal_id, account_id HAVING count(*) > 1) twice`)
	if err != nil {
		return err
	}
	vouchers, err := db.One(ctx, d, db.Scalar[int64], `SELECT count(*) FROM voucher`)
	if err != nil {
		return err
	}
	s.Report.Invariants["double"] += double + max(0, vouchers-int64(len(paid)))
	s.Report.Invariants["lost"] += lost + max(0, int64(len(paid))-vouchers)
	for _, item := range w.Items {
		over, err := oversold(ctx, d, item.Deal)
		if err != nil {
			return err
		}
		s.Report.Invariants["oversold"] += over
	}
	return s.ask(ctx, d)
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
func oversold(ctx context.Context, d *db.DB, id market.DealID) (int64, error) {
	type counts struct{ capacity, held, paid int64 }
	c, err := db.One(ctx, d, func(r db.Row) (c counts, err error) {
		return c, r.Scan(&c.capacity, &c.held, &c.paid)
	}, `SELECT capacity, held_units, paid_units FROM deal WHERE id = $1`, string(id))
	if err != nil {
		return 0, err
	}
	units, err := db.One(ctx, d, db.Scalar[int64], `SELECT coalesce(sum(quantity), 0) FROM orders
		WHERE deal_id = $1 AND state IN ('held', 'paid')`, string(id))
	if err != nil {
		return 0, err
	}
	off := units - c.held - c.paid
	return max(0, units-c.capacity) + max(off, -off), nil
}

// ask lets doctor look at the whole database.
func (s *Session) ask(ctx context.Context, d *db.DB) error {
	report, err := doctor.Check(ctx, d, doctor.Options{Resting: true})
	if err != nil {
		return err
	}
	s.Report.Invariants["doctor"] += report.Count()
	for _, a := range report.Answers {
		for i, f := range a.Findings {
			if i < 3 {
				s.Say("doctor: " + a.Question + " " + f.Code + " " + f.Row)
			}
		}
	}
	return nil
}
