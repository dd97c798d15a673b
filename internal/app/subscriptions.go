package app

import (
	"github.com/dure-commerce/dure/internal/flow/announce"
	"github.com/dure-commerce/dure/internal/flow/feedback"
)

// registerProjections names every fold of the feed.
//
//	projection   follows                                            list when stuck
//	feedback     uses, undos, answers, ends of campaigns            console: lag of projections
//	announce     points reached, bids, steps and ends of wishes     console: lag of projections
func (c *Core) registerProjections() {
	c.Feed.Subscribe(feedback.Projection, feedback.Kinds(), c.Feedback.Project)
	c.Feed.Subscribe(announce.Projection, announce.Kinds(), c.Announce.Project)
}
