package app

import (
	"context"

	"github.com/dure-commerce/dure/internal/flow/announce"
	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/flow/deposit"
	"github.com/dure-commerce/dure/internal/flow/fund"
	"github.com/dure-commerce/dure/internal/flow/glimpse"
	"github.com/dure-commerce/dure/internal/flow/merge"
	"github.com/dure-commerce/dure/internal/flow/outcome"
	"github.com/dure-commerce/dure/internal/flow/takedown"
	"github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/kit/search"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// Wishes are the journeys of what people want together.
type Wishes struct {
	Wanted  *wanted.Wanted
	Auction *auction.Auction
	// Announce tells members and shops of a wish's steps.
	Announce *announce.Announce
	// Fund is how firm members pay; Outcome books what their shares come to.
	Fund    *fund.Fund
	Outcome outcome.Outcome
	// Deposits are what sellers put down for their bids.
	Deposits *deposit.Deposits
	// Glimpse reads what pasted links say of themselves.
	Glimpse *glimpse.Glimpse
	// Merge brings the people of like wishes together.
	Merge *merge.Merge
	// TakeDown is how the operator takes wishes out of sight.
	TakeDown *takedown.TakeDown
	// WishIndex finds wishes by their words.
	WishIndex *search.Index
}

func (c *Core) wireWishes() {
	w := wanted.New(c.DB, c.Lanes)
	c.Wishes = Wishes{Wanted: w, Auction: auction.New(c.DB, c.Lanes, w.Again),
		Announce: announce.New(c.DB, c.Key), WishIndex: search.New(c.DB.Engine(), wanted.SearchKind)}
	c.wireFund()
	c.TakeDown = takedown.New(takedown.Deps{DB: c.DB, Index: c.WishIndex, Stop: c.Fund.Stop})
}

// wireMerge comes after wishes are there.
func (c *Core) wireMerge() {
	c.Merge = merge.New(merge.Deps{DB: c.DB, Index: c.WishIndex, Bring: c.Wanted.Bring,
		Stand: func(ctx context.Context, actor market.Actor, id market.WishID, kind wish.Kind) error {
			_, err := c.Wanted.Join(ctx, wanted.JoinCmd{Actor: actor, WishID: id, Kind: kind})
			return err
		}})
}

// wireGlimpse comes after pictures and limits are there.
func (c *Core) wireGlimpse() {
	pages, photos := glimpse.Clients("Dure (+" + c.BaseURL + ")")
	c.Glimpse = glimpse.New(glimpse.Deps{DB: c.DB, Limits: c.Limits, Pages: pages, Photos: photos, Maker: c.Maker,
		Media: c.Media})
}

// SimilarWishes finds open wishes like a name that somebody types, the likest first.
func (c *Core) SimilarWishes(ctx context.Context, q db.Querier, name string, limit int) ([]market.WishID, error) {
	found, err := wish.Similar(ctx, q, c.WishIndex, wish.Likeness{Text: name, Limit: limit}, c.DB.Clock().Now())
	ids := make([]market.WishID, len(found))
	for i, w := range found {
		ids[i] = w.ID
	}
	return ids, err
}

// registerWishes names the handlers of wishes' deadlines.
func (c *Core) registerWishes(patient queue.Policy) {
	handle(c, event.JobWishExpire, patient, func(ctx context.Context, j event.WishJob) error {
		return c.Wanted.Expire(ctx, j.WishID)
	})
	handle(c, event.JobWishGoOn, patient, func(ctx context.Context, j event.WishJob) error {
		return c.Wanted.Resume(ctx, j.WishID)
	})
	handle(c, event.JobAuctionClose, patient, func(ctx context.Context, j event.WishJob) error {
		return c.Auction.Close(ctx, j.WishID)
	})
	handle(c, event.JobAuctionAward, patient, func(ctx context.Context, j event.WishJob) error {
		return c.Auction.Award(ctx, j.WishID)
	})
	handle(c, event.JobWishBring, patient, func(ctx context.Context, j event.WishJob) error {
		return c.Merge.Bring(ctx, j.WishID)
	})
	handle(c, event.JobMergerLapse, patient, func(ctx context.Context, j event.WishJob) error {
		return c.Merge.Lapse(ctx, j.WishID)
	})
	handle(c, event.JobWishTell, patient, func(ctx context.Context, j event.WishTellJob) error {
		return c.Announce.Tell(ctx, j)
	})
}
