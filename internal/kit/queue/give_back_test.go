package queue_test

import (
	"context"
	"errors"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/queue"
)

// A node that is told to stop gives its jobs back: another runs them at once, not when the lease ends.
func TestAShutdownGivesJobsBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		ctx, stop := context.WithCancel(t.Context())
		leaving, other := queue.New(d, queue.Options{Node: "a"}), queue.New(d, queue.Options{Node: "b"})
		leaving.Handle("x", queue.Policy{}, func(ctx context.Context, _ queue.Job) error {
			stop()
			return ctx.Err()
		})
		attempts := 0
		other.Handle("x", queue.Policy{}, func(_ context.Context, job queue.Job) error {
			attempts = job.Attempt
			return nil
		})
		if err := d.Write(ctx, func(tx *db.Tx) error {
			tx.Enqueue(db.Job{Kind: "x", Key: "1"})
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := leaving.RunOnce(ctx); !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if worked, err := other.RunOnce(t.Context()); err != nil || !worked || attempts != 2 {
			t.Fatal("the job waits for the end of a lease:", worked, err, attempts)
		}
	})
}
