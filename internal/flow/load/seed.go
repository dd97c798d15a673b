package load

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/right"
)

// SeedReport tells how many rows of the shipped lists were written.
type SeedReport struct {
	Regions    int
	Categories int
}

// seedTries bounds the rounds of Seed when several nodes start at once and write the same rows.
const seedTries = 5

// Seed writes the shipped regions and categories where the database lacks them or a newer program names them better.
// It is run at every start and by every load; when nothing differs it writes nothing.
func (f *Flow) Seed(ctx context.Context, actor market.Actor) (SeedReport, error) {
	if err := right.Check(actor, right.ConsoleImport, right.Resource{}); err != nil {
		return SeedReport{}, err
	}
	var report SeedReport
	var err error
	if report.Categories, err = f.seedCategories(ctx); err != nil {
		return report, err
	}
	for range seedTries {
		if report.Regions, err = f.seedRegions(ctx); !errors.Is(err, region.ErrChanged) {
			return report, err
		}
	}
	return report, err
}

func (f *Flow) seedCategories(ctx context.Context) (int, error) {
	stored, err := category.List(ctx, f.db)
	if err != nil {
		return 0, err
	}
	differing, err := category.Differing(stored)
	if err != nil || len(differing) == 0 {
		return 0, err
	}
	return len(differing), f.db.Write(ctx, func(tx *db.Tx) error { return category.Put(ctx, tx, differing) })
}

func (f *Flow) seedRegions(ctx context.Context) (int, error) {
	stock, err := region.Stock(ctx, f.db)
	if err != nil {
		return 0, err
	}
	plan, err := region.Seed(stock)
	if err != nil {
		return 0, err
	}
	return len(plan.New) + len(plan.Changed), f.writeRegions(ctx, plan)
}
