package app

import (
	"context"

	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/doctor/rows"
	"github.com/dure-commerce/dure/internal/market/settlement/check"
)

// faultsKept is how many findings the operator's console lists.
const faultsKept = 20

// checkBooks asks doctor whether the books are sound, before payouts go out by themselves.
func (c *Core) checkBooks(ctx context.Context) (faults []check.Fault, found int64, err error) {
	report, err := doctor.Check(ctx, c.DB, doctor.Options{Only: rows.Books(), FindingsMax: faultsKept})
	if err != nil {
		return nil, 0, err
	}
	for _, a := range report.Answers {
		for _, f := range a.Findings {
			faults = append(faults, check.Fault{Invariant: f.Invariant, Code: f.Code, Row: f.Row, Args: f.Args})
		}
	}
	return faults[:min(len(faults), faultsKept)], report.Count(), nil
}
