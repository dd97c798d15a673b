package wanted

import (
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/kit/search"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// SearchKind is the kind under which wishes stand in the search index.
const SearchKind = "wish"

// Wanted runs the journey.
type Wanted struct {
	db      *db.DB
	index   *search.Index
	joining *lane.Step[JoinCmd, Joined]
}

// New registers its step with the lanes.
func New(d *db.DB, lanes *lane.Lane) *Wanted {
	w := &Wanted{db: d, index: search.New(d.Engine(), SearchKind)}
	w.joining = lane.Register(lanes, "wanted.join", w.JoinBatch)
	return w
}

// terms are the figures of a wish of a category that is written now.
func terms(category market.CategoryID, now time.Time) wish.Terms {
	set := policy.At(now)
	g := set.Wanted.Gather
	return wish.Terms{Threshold: g.ThresholdOf(category), Days: g.Days, DaysMax: g.DaysMax, PolicyID: set.ID}
}

// bidsUntil is when the bids close on a wish whose point is reached now.
func bidsUntil(now time.Time) time.Time {
	return now.Add(time.Duration(policy.At(now).Wanted.Bid.Hours) * time.Hour)
}

// auctionOf is the auction with which a wish begins: offers may come at once.
func auctionOf(w wish.Wish, kind bid.Kind, now time.Time) bid.Auction {
	if kind == "" {
		kind = bid.InTheOpen
	}
	return bid.Auction{WishID: w.ID, Kind: kind, Quantity: w.Threshold, Ceiling: w.TopPrice,
		Step: policy.At(now).Wanted.Bid.StepMin}
}
