package queue_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/queue"
)

func enqueue(t *testing.T, d *db.DB, jobs ...db.Job) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, j := range jobs {
			tx.Enqueue(j)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func step(t *testing.T, q *queue.Queue) bool {
	t.Helper()
	worked, err := q.RunOnce(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return worked
}

func state(t *testing.T, d *db.DB, kind string) string {
	t.Helper()
	text, err := db.One(t.Context(), d, func(r db.Row) (string, error) {
		var state string
		var attempts int64
		err := r.Scan(&state, &attempts)
		return fmt.Sprintf("%s %d", state, attempts), err
	}, `SELECT state, attempts FROM kit_job WHERE kind = $1`, kind)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestJobRunsOnceWhenDue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		q := queue.New(d, queue.Options{Node: "a"})
		var got []string
		q.Handle("mail", queue.Policy{}, func(_ context.Context, j queue.Job) error {
			got = append(got, j.Key+" "+j.Payload)
			return nil
		})
		enqueue(t, d, db.Job{Kind: "mail", Key: "late", Payload: 2, Due: w.Clock.Now().Add(time.Hour)},
			db.Job{Kind: "mail", Key: "now", Payload: 1}, db.Job{Kind: "mail", Key: "now", Payload: 9},
			db.Job{Kind: "of another node", Key: "x"})
		if !step(t, q) || step(t, q) {
			t.Fatal("want work once, then none")
		}
		w.Clock.Advance(time.Hour)
		if !step(t, q) || step(t, q) {
			t.Fatal("want the late job at its time")
		}
		if strings.Join(got, ",") != "now 1,late 2" {
			t.Fatal(got)
		}
		if s := state(t, d, "of another node"); s != "ready 0" {
			t.Fatal(s)
		}
	})
}

func TestFailureBacksOffThenSticks(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		q := queue.New(d, queue.Options{Node: "a"})
		runs, broken := 0, true
		q.Handle("pay", queue.Policy{AttemptsMax: 3, Backoff: queue.Backoff{First: time.Minute, Max: 90 * time.Second}},
			func(context.Context, queue.Job) error {
				runs++
				if broken {
					return errors.New("gateway said no")
				}
				return nil
			})
		enqueue(t, d, db.Job{Kind: "pay", Key: "p"})
		step(t, q)
		w.Clock.Advance(44 * time.Second)
		if step(t, q) {
			t.Fatal("tried again before three quarters of the pause")
		}
		w.Clock.Advance(31 * time.Second)
		if !step(t, q) {
			t.Fatal("not tried again after five quarters of the pause")
		}
		w.Clock.Advance(113 * time.Second)
		step(t, q)
		if s := state(t, d, "pay"); s != "stuck 3" || runs != 3 {
			t.Fatal(s, runs)
		}
		stuck, err := queue.Stuck(t.Context(), d, queue.StuckJob{}, 10)
		if err != nil || len(stuck) != 1 || stuck[0].LastError != "gateway said no" || stuck[0].Stuck.IsZero() {
			t.Fatal(stuck, err)
		}
		if rest, err := queue.Stuck(t.Context(), d, stuck[0], 10); err != nil || len(rest) != 0 {
			t.Fatal(rest, err)
		}
		broken = false
		if err := q.Retry(t.Context(), stuck[0].ID); err != nil {
			t.Fatal(err)
		}
		if err := q.Retry(t.Context(), stuck[0].ID); !errors.Is(err, queue.ErrNotStuck) {
			t.Fatal(err)
		}
		step(t, q)
		if s := state(t, d, "pay"); s != "done 1" {
			t.Fatal(s)
		}
	})
}

func TestLaterIsNoAttemptAndHopelessSticksAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		q := queue.New(d, queue.Options{Node: "a"})
		q.Handle("wait", queue.Policy{AttemptsMax: 2}, func(_ context.Context, j queue.Job) error {
			if j.Attempt != 1 {
				t.Errorf("attempt %d", j.Attempt)
			}
			return queue.Later(time.Minute)
		})
		q.Handle("lost", queue.Policy{}, func(context.Context, queue.Job) error {
			return queue.Hopeless(errors.New("no such deal\x00" + strings.Repeat("가", 400)))
		})
		enqueue(t, d, db.Job{Kind: "wait", Key: "w"}, db.Job{Kind: "lost", Key: "l"})
		for range 5 {
			if !step(t, q) || step(t, q) {
				t.Fatal("want one run a minute")
			}
			w.Clock.Advance(time.Minute)
		}
		if a, b := state(t, d, "wait"), state(t, d, "lost"); a != "ready 0" || b != "stuck 1" {
			t.Fatal(a, b)
		}
	})
}

func TestOneBadJobBlocksNoOther(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		q := queue.New(d, queue.Options{Node: "a", Batch: 4, Workers: 4})
		good := 0
		q.Handle("bad", queue.Policy{}, func(context.Context, queue.Job) error { panic("boom") })
		q.Handle("good", queue.Policy{}, func(context.Context, queue.Job) error { good++; return nil })
		for i := range 30 { // more bad ones than a claim looks at, all due before the good one
			enqueue(t, d, db.Job{Kind: "bad", Key: fmt.Sprint(i)})
		}
		enqueue(t, d, db.Job{Kind: "good", Key: "g"})
		for range 31 {
			step(t, q)
		}
		if good != 1 {
			t.Fatal("the good job never ran")
		}
	})
}

func TestLateFinisherChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		a := queue.New(d, queue.Options{Node: "a", Lease: time.Minute})
		b := queue.New(d, queue.Options{Node: "a", Lease: time.Minute}) // the same name must not be the same claim
		var effects []string
		finish := func(who string) queue.Handler {
			return func(ctx context.Context, j queue.Job) error {
				if who == "slow" && j.Attempt == 1 {
					w.Clock.Advance(2 * time.Minute)
					if !step(t, b) {
						t.Error("the other node did not take the job over")
					}
				}
				return d.Write(ctx, func(tx *db.Tx) error {
					if err := queue.Done(ctx, tx, j); err != nil {
						return err
					}
					tx.AfterCommit(func() { effects = append(effects, who) })
					return nil
				})
			}
		}
		a.Handle("x", queue.Policy{}, finish("slow"))
		b.Handle("x", queue.Policy{}, finish("fast"))
		enqueue(t, d, db.Job{Kind: "x", Key: "1"})
		step(t, a)
		if strings.Join(effects, ",") != "fast" {
			t.Fatal(effects)
		}
		if s := state(t, d, "x"); s != "done 2" {
			t.Fatal(s)
		}
	})
}

func TestLateFailureDoesNotReopenADoneJob(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		a, b := queue.New(d, queue.Options{Node: "a"}), queue.New(d, queue.Options{Node: "b"})
		a.Handle("x", queue.Policy{AttemptsMax: 1}, func(context.Context, queue.Job) error {
			w.Clock.Advance(2 * time.Minute)
			step(t, b)
			return errors.New("too late")
		})
		b.Handle("x", queue.Policy{}, func(context.Context, queue.Job) error { return nil })
		enqueue(t, d, db.Job{Kind: "x", Key: "1"})
		step(t, a)
		if s := state(t, d, "x"); s != "done 2" {
			t.Fatal(s)
		}
	})
}

func TestCrashesCountAsAttempts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		q := queue.New(d, queue.Options{Node: "a"})
		enqueue(t, d, db.Job{Kind: "x", Key: "1"})
		for range 2 { // a claim whose process ends before any outcome is noted
			dying, die := context.WithCancel(t.Context())
			q.Handle("x", queue.Policy{AttemptsMax: 2}, func(context.Context, queue.Job) error {
				die()
				return errors.New("killed")
			})
			if _, err := q.RunOnce(dying); !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			w.Clock.Advance(2 * time.Minute)
		}
		step(t, q)
		if s := state(t, d, "x"); s != "stuck 3" {
			t.Fatal(s)
		}
	})
}

func TestEachJobRunsOnOneNode(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		const jobs = 120
		var mu sync.Mutex
		ran := map[string]int{}
		for i := range jobs {
			enqueue(t, d, db.Job{Kind: "x", Key: fmt.Sprint(i)})
		}
		var nodes sync.WaitGroup
		for n := range 4 {
			q := queue.New(d, queue.Options{Node: fmt.Sprint(n), Batch: 5})
			q.Handle("x", queue.Policy{}, func(_ context.Context, j queue.Job) error {
				mu.Lock()
				defer mu.Unlock()
				ran[j.Key]++
				return nil
			})
			nodes.Go(func() {
				for range jobs {
					if _, err := q.RunOnce(t.Context()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		nodes.Wait()
		for i := range jobs {
			if ran[fmt.Sprint(i)] != 1 {
				t.Fatalf("job %d ran %d times", i, ran[fmt.Sprint(i)])
			}
		}
	})
}

func TestRunWakesOnCommitAndEndsWithItsContext(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		before := goleak.IgnoreCurrent()
		ctx, cancel := context.WithCancel(t.Context())
		q := queue.New(d, queue.Options{Node: "a", Workers: 2, Poll: time.Hour})
		seen := make(chan string, 100)
		release := make(chan struct{})
		q.Handle("slow", queue.Policy{}, func(context.Context, queue.Job) error { <-release; return nil })
		q.Handle("x", queue.Policy{}, func(_ context.Context, j queue.Job) error { seen <- j.Key; return nil })
		ended := make(chan error)
		go func() { ended <- q.Run(ctx) }()
		for i := range 3 { // one worker at most for the slow kind: the other still serves
			enqueue(t, d, db.Job{Kind: "slow", Key: fmt.Sprint(i)})
		}
		for i := range 20 {
			enqueue(t, d, db.Job{Kind: "x", Key: fmt.Sprint(i)})
		}
		for range 20 {
			<-seen
		}
		close(release)
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		if d.Engine() == db.SQLite { // PostgreSQL's pool keeps goroutines of its own
			goleak.VerifyNone(t, before)
		}
	})
}

func TestWaitingAndPurge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		q := queue.New(d, queue.Options{Node: "a"})
		q.Handle("x", queue.Policy{}, func(context.Context, queue.Job) error { return nil })
		enqueue(t, d, db.Job{Kind: "x", Key: "1"}, db.Job{Kind: "x", Key: "2", Due: w.Clock.Now().Add(time.Hour)})
		now := w.Clock.Advance(time.Minute)
		b, err := queue.Waiting(t.Context(), d, now)
		if err != nil || b != (queue.Backlog{Due: 1, Oldest: time.Minute}) {
			t.Fatal(b, err)
		}
		step(t, q)
		if b, err = queue.Waiting(t.Context(), d, now); err != nil || b != (queue.Backlog{}) {
			t.Fatal(b, err)
		}
		for _, want := range []bool{true, false} {
			if worked, err := queue.Purge(t.Context(), d, now.Add(time.Second), 100); err != nil || worked != want {
				t.Fatal(worked, err)
			}
		}
		if s := state(t, d, "x"); s != "ready 0" {
			t.Fatal(s)
		}
	})
}

func TestLateDoneDoesNotEndAWaitingJob(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		a, b := queue.New(d, queue.Options{Node: "a"}), queue.New(d, queue.Options{Node: "b"})
		a.Handle("x", queue.Policy{}, func(ctx context.Context, j queue.Job) error {
			w.Clock.Advance(2 * time.Minute)
			step(t, b)
			err := d.Write(ctx, func(tx *db.Tx) error { return queue.Done(ctx, tx, j) })
			if !errors.Is(err, queue.ErrLost) {
				t.Error("the late claim ended the job:", err)
			}
			return err
		})
		b.Handle("x", queue.Policy{}, func(context.Context, queue.Job) error { return queue.Later(time.Hour) })
		enqueue(t, d, db.Job{Kind: "x", Key: "1"})
		step(t, a)
		if s := state(t, d, "x"); s != "ready 1" {
			t.Fatal(s)
		}
	})
}
