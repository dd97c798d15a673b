package queue

import (
	"context"
	"errors"
	"sync"
	"time"
)

// RunOnce claims a batch of due jobs and runs them one after another; worked tells that there was any. The simulation
// and the tests step the queue with it.
func (q *Queue) RunOnce(ctx context.Context) (worked bool, err error) {
	jobs, err := q.claim(ctx, q.opts.Batch)
	if err != nil {
		return false, err
	}
	var problems error
	for _, job := range jobs {
		problems = errors.Join(problems, q.work(ctx, job))
	}
	return len(jobs) > 0, problems
}

// Run works until the context ends, then waits for handlers that are running. It wakes on hints of this node's commits,
// at the next due time, and at least every Poll for jobs that other nodes left behind.
func (q *Queue) Run(ctx context.Context) error {
	var workers sync.WaitGroup
	defer workers.Wait()
	slots := make(chan struct{}, q.opts.Workers)
	for ctx.Err() == nil {
		jobs, err := q.claim(ctx, q.opts.Workers-len(slots))
		if err != nil && ctx.Err() == nil {
			q.opts.Log.Error("queue cannot claim", "error", err)
		}
		for _, job := range jobs {
			slots <- struct{}{} // has room: only this loop fills it
			q.count(job.Kind, 1)
			workers.Go(func() {
				defer q.hint()
				defer func() { <-slots }()
				defer q.count(job.Kind, -1)
				if err := q.work(ctx, job); err != nil && ctx.Err() == nil {
					q.opts.Log.Error("job outcome not noted", "job", job.ID, "kind", job.Kind, "error", err)
				}
			})
		}
		if len(jobs) > 0 && len(slots) < q.opts.Workers {
			continue // there may be more
		}
		q.wait(ctx, err != nil || len(slots) == q.opts.Workers)
	}
	return ctx.Err()
}

// wait sleeps until a hint, the next due time or the poll interval; blind leaves the due time out.
func (q *Queue) wait(ctx context.Context, blind bool) {
	pause := q.opts.Poll
	if !blind {
		due, ok, err := q.nextDue(ctx)
		if err == nil && ok {
			// A due job that could not be claimed waits for room, which comes with a hint: no busy loop.
			if left := due.Sub(q.d.Clock().Now()); left > 0 {
				pause = min(pause, left)
			}
		}
	}
	sleep(ctx, pause, q.wake)
}

func (q *Queue) count(kind string, by int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.running[kind] += by
}

// sleep returns after the pause, on a wake-up, or when the context ends.
func sleep(ctx context.Context, pause time.Duration, wake <-chan struct{}) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-wake:
	case <-timer.C:
	}
}
