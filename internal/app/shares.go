package app

import (
	"context"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/flow/outcome"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/market/escrow/pass"
	"github.com/dure-commerce/dure/internal/market/event"
)

// Shares is the way from the start of fulfilment to the release of each member's won.
type Shares struct {
	Deliver *deliver.Deliver
}

// wireShares comes after pictures are there.
func (c *Core) wireShares() {
	c.Deliver = deliver.New(deliver.Deps{DB: c.DB, Outcome: outcome.New(c.RefundDue), Passes: pass.Keys{Root: c.Key},
		Tracker: c.Tracker, Maker: c.Maker, Media: c.Media, Log: c.Log})
}

// registerShares names the handlers of shares' deadlines.
func (c *Core) registerShares(patient queue.Policy) {
	handle(c, event.JobShareRemind, patient, func(ctx context.Context, j event.ShareJob) error {
		return c.Deliver.RemindSilence(ctx, j)
	})
	handle(c, event.JobDisputeRemind, patient, func(ctx context.Context, j event.ShareJob) error {
		return c.Deliver.RemindTurn(ctx, j)
	})
}

// shareWorkers are the background tasks of shares.
func (c *Core) shareWorkers() []queue.Worker { return c.Deliver.Workers() }
