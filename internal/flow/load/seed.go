package load

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/right"
)

// SeedReport tells how many rows of the shipped lists were written.
type SeedReport struct {
	Regions int
}

// seedTries bounds the rounds of Seed when several nodes start at once and write the same rows.
const seedTries = 5

// Seed writes the shipped regions where the database lacks them or a newer program names them better. It is run at every
// start and by every load; when nothing differs it writes nothing.
func (f *Flow) Seed(ctx context.Context, actor market.Actor) (SeedReport, error) {
	if err := right.Check(actor, right.ConsoleImport, right.Resource{}); err != nil {
		return SeedReport{}, err
	}
	var err error
	for range seedTries {
		var report SeedReport
		if report.Regions, err = f.seedRegions(ctx); !errors.Is(err, region.ErrChanged) {
			return report, err
		}
	}
	return SeedReport{}, err
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
