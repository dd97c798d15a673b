package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/bench/ceiling"
	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/policy"
)

const (
	ledgerBatch = 256
	ledgerGoal  = 0.7
)

// book posts payments of one deal into the ledger, a batch a transaction and one a transaction, without anything around
// it.
func book(ctx context.Context, s *Session) error {
	world, err := s.Ground.Found(ctx, stage.Plan{})
	if err != nil {
		return err
	}
	ours, place, err := s.post(ctx, world, "ours", ledgerBatch)
	if err != nil {
		return err
	}
	naive, other, err := s.post(ctx, world, "naive", 1)
	if err != nil {
		return err
	}
	limit, err := s.limit(ctx, world, place, []ceiling.Rows{
		{Table: "ledger_entry", Key: "id"},
		{Table: "ledger_posting", Key: "entry_id", Of: "ledger_entry"},
	})
	if err != nil {
		return err
	}
	s.Report.ratio("ours/naive", ours.Rate, naive.Rate)
	s.Report.atLeast("ours/limit", s.Report.ratio("ours/limit", ours.Rate, limit.Rate), ledgerGoal)
	return errors.Join(s.Ground.Drop(ctx, place), s.Ground.Drop(ctx, other))
}

func (s *Session) post(ctx context.Context, w *stage.World, name string, batch int) (*Figures, stage.Place, error) {
	s.Say("ledger: " + name)
	place, err := s.Ground.Copy(ctx, w.Place)
	if err != nil {
		return nil, place, err
	}
	d, err := db.Open(ctx, db.Options{URL: place.URL})
	if err != nil {
		return nil, place, err
	}
	done, began := 0, time.Now()
	for err == nil && time.Since(began) < s.For {
		entries := make([]ledger.Entry, batch)
		for i := range entries {
			entries[i] = ledger.Paid(ledger.Payment{PaymentID: market.PaymentID(fmt.Sprintf("pay_%09d", done+i)),
				Gateway: "sandbox", Amount: 19_900, About: ledger.About{DealID: "dea_bench", MerchantID: "mer_bench",
					OrderID: market.OrderID(fmt.Sprintf("ord_%09d", done+i)), PolicyID: policy.At(began).ID}})
		}
		if err = d.Write(ctx, func(tx *db.Tx) error { return ledger.Post(ctx, tx, entries) }); err == nil {
			done += batch
		}
	}
	f := s.Report.run(name, float64(done)/time.Since(began).Seconds(), "entries/s")
	f.Batch = float64(batch)
	if err = errors.Join(err, d.Close(), s.Ground.PowerCut(ctx)); err != nil {
		return f, place, err
	}
	return f, place, s.checkBook(ctx, place, done)
}

// checkBook counts the entries that were posted, and lets doctor add the book up.
func (s *Session) checkBook(ctx context.Context, place stage.Place, done int) (err error) {
	d, err := db.Open(ctx, db.Options{URL: place.URL})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	there, err := db.One(ctx, d, db.Scalar[int64], `SELECT count(*) FROM ledger_entry`)
	if err != nil {
		return err
	}
	s.Report.Invariants["lost"] += max(0, int64(done)-there)
	s.Report.Invariants["double"] += max(0, there-int64(done))
	report, err := doctor.Check(ctx, d, doctor.Options{Resting: true,
		Only: []string{"ledger_entries", "ledger_scopes", "ledger_mirrors", "ledger_balances", "ledger_totals"}})
	if err == nil {
		s.Report.Invariants["doctor"] += report.Count()
	}
	return err
}
