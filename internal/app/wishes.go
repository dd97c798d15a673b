package app

import (
	"context"

	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/market/event"
)

// Wishes are the journeys of what people want together.
type Wishes struct {
	Wanted  *wanted.Wanted
	Auction *auction.Auction
}

func (c *Core) wireWishes() {
	c.Wishes = Wishes{Wanted: wanted.New(c.DB, c.Lanes), Auction: auction.New(c.DB, c.Lanes)}
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
}
