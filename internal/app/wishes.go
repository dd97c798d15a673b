package app

import (
	"context"

	"github.com/dure-commerce/dure/internal/flow/announce"
	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/market/event"
)

// Wishes are the journeys of what people want together.
type Wishes struct {
	Wanted  *wanted.Wanted
	Auction *auction.Auction
	// Announce tells members and shops of a wish's steps.
	Announce *announce.Announce
}

func (c *Core) wireWishes() {
	c.Wishes = Wishes{Wanted: wanted.New(c.DB, c.Lanes), Auction: auction.New(c.DB, c.Lanes),
		Announce: announce.New(c.DB, c.Key)}
}

// registerWishes names the handlers of wishes' deadlines.
func (c *Core) registerWishes(patient queue.Policy) {
	handle(c, event.JobWishExpire, patient, func(ctx context.Context, j event.WishJob) error {
		return c.Wanted.Expire(ctx, j.WishID)
	})
	handle(c, event.JobAuctionClose, patient, func(ctx context.Context, j event.WishJob) error {
		return c.Auction.Close(ctx, j.WishID)
	})
	handle(c, event.JobAuctionAward, patient, func(ctx context.Context, j event.WishJob) error {
		return c.Auction.Award(ctx, j.WishID)
	})
	handle(c, event.JobWishTell, patient, func(ctx context.Context, j event.WishTellJob) error {
		return c.Announce.Tell(ctx, j)
	})
}
