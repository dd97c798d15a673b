package load

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/search"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/right"
)

// Indexer writes the search texts of directory entries, some thousands a run. What is still to be done stands in the
// database: it may be stopped at any time, and any node may go on.
type Indexer struct {
	db     *db.DB
	index  *search.Index
	pace   *pacer
	places map[market.RegionID]string
}

// NewIndexer makes the background step.
func NewIndexer(d *db.DB) *Indexer {
	return &Indexer{db: d, index: search.New(d.Engine(), directory.Kind), pace: newPacer(d)}
}

// indexRows is how many entries one run takes.
const indexRows = 2048

// RunOnce writes the texts of the next entries that wait; worked is false when none does.
func (x *Indexer) RunOnce(ctx context.Context) (worked bool, err error) {
	entries, err := directory.Pending(ctx, x.db, indexRows)
	if err != nil || len(entries) == 0 {
		x.places = nil
		return false, err
	}
	if err := x.names(ctx); err != nil {
		return false, err
	}
	documents := make([]search.Document, len(entries))
	for i, e := range entries {
		documents[i] = directory.Prepare(x.index, e, x.places[e.RegionID])
	}
	_, err = x.pace.write(ctx, len(documents), func(ctx context.Context, tx *db.Tx, from, to int) error {
		return directory.PutIndex(ctx, tx, x.index, documents[from:to])
	})
	return true, err
}

// names reads the regions' names once for a row of runs.
func (x *Indexer) names(ctx context.Context) error {
	if x.places != nil {
		return nil
	}
	stock, err := region.Stock(ctx, x.db)
	if err != nil {
		return err
	}
	byID := make(map[market.RegionID]region.Region, len(stock))
	for _, s := range stock {
		byID[s.ID] = s.Region
	}
	x.places = make(map[market.RegionID]string, len(stock))
	for id, r := range byID {
		x.places[id] = r.Name
		if r.Level == region.Neighbourhood {
			// The province is left out: whoever looks for a shop knows it, and every letter costs four words of the index.
			x.places[id] = byID[r.ParentID].Name + " " + r.Name
		}
	}
	return nil
}

// Index runs the step until nothing waits, as the command line does after a load. It gives the number of runs.
func (f *Flow) Index(ctx context.Context, actor market.Actor) (int, error) {
	if err := right.Check(actor, right.ConsoleImport, right.Resource{}); err != nil {
		return 0, err
	}
	indexer := NewIndexer(f.db)
	for runs := 0; ; runs++ {
		worked, err := indexer.RunOnce(ctx)
		if err != nil || !worked {
			return runs, err
		}
	}
}

// LongestHold is the longest time a chunk has held the writer so far.
func (x *Indexer) LongestHold() time.Duration { return x.pace.longest }
