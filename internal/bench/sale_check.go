package bench

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/bench/aftermath"
	"github.com/dure-commerce/dure/internal/bench/stage"
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
	var deals []market.DealID
	for _, item := range w.Items {
		deals = append(deals, item.Deal)
	}
	wrong, err := aftermath.Sale(ctx, d, deals, h.acks)
	if err != nil {
		return err
	}
	s.Report.Invariants["double"] += wrong.Double
	s.Report.Invariants["lost"] += wrong.Lost
	s.Report.Invariants["oversold"] += wrong.Oversold
	for _, id := range h.emptied {
		unsold, err := aftermath.Unsold(ctx, d, id)
		if err != nil {
			return err
		}
		s.Report.Invariants["unsold"] += unsold
	}
	return s.ask(ctx, d)
}

// ask lets doctor look at the whole database, but for the named questions.
func (s *Session) ask(ctx context.Context, d *db.DB, but ...string) error {
	report, err := aftermath.Doctor(ctx, d, but...)
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
