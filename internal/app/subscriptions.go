package app

import (
	"github.com/dure-commerce/dure/internal/flow/announce"
	"github.com/dure-commerce/dure/internal/flow/feedback"
	"github.com/dure-commerce/dure/internal/market/daybook"
)

// registerProjections names every fold of the feed.
//
//	projection   follows                                            list when stuck
//	feedback     uses, undos, answers, ends of campaigns            console: lag of projections
//	daybook      payments, refunds, uses, undos, ends of vouchers   console: lag of projections
//	announce     points reached, bids, steps and ends of wishes     console: lag of projections
func (c *Core) registerProjections() {
	c.Feed.Subscribe(feedback.Projection, feedback.Kinds(), c.Feedback.Project)
	c.Feed.Subscribe(daybook.Projection, daybook.Kinds(), daybook.Project)
	c.Feed.Subscribe(announce.Projection, announce.Kinds(), c.Announce.Project)
}
