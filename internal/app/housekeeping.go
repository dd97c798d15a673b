package app

import (
	"context"
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/flow/load"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/market"
)

// Done jobs are kept longer than anything may repeat itself: a gateway repeats notices for days, a merchant asks back
// for weeks.
const (
	jobsKept   = 60 * 24 * time.Hour
	purgeBatch = 500
)

// seed writes the shipped regions and categories that the database lacks; it writes nothing on all later starts.
func seed(ctx context.Context, d *db.DB) error {
	if _, err := load.New(d).Seed(ctx, market.System()); err != nil {
		return fmt.Errorf("shipped regions and categories: %w", err)
	}
	return nil
}

// housekeeping are the background tasks that forget what has ended and finish what a load left: each looks before it
// takes the writer, so that an idle node writes nothing.
func (s *Server) housekeeping() []queue.Worker {
	return append(s.nodeWorkers(), []queue.Worker{
		{Name: "index", RunOnce: load.NewIndexer(s.DB).RunOnce, Poll: 10 * time.Second},
		{Name: "sweep.limits", RunOnce: s.Limits.Sweep, Poll: 10 * time.Minute},
		{Name: "sweep.sessions", RunOnce: s.Sessions.RunOnce, Poll: 10 * time.Minute},
		{Name: "sweep.accounts", RunOnce: s.Signup.RunOnce, Poll: time.Hour},
		{Name: "sweep.notices", RunOnce: s.Follow.ForgetOnce, Poll: time.Hour},
		{Name: "sweep.links", RunOnce: s.Glimpse.ForgetOnce, Poll: time.Hour},
		{Name: "sweep.jobs", RunOnce: s.purgeJobs, Poll: 24 * time.Hour},
	}...)
}

func (s *Server) purgeJobs(ctx context.Context) (worked bool, err error) {
	return queue.Purge(ctx, s.DB, s.DB.Clock().Now().Add(-jobsKept), purgeBatch)
}
