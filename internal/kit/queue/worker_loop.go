package queue

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// Worker is a background task that is stepped: RunOnce does a bounded piece and tells whether there was any.
type Worker struct {
	Name    string
	RunOnce func(ctx context.Context) (worked bool, err error)
	Poll    time.Duration   // longest wait when there was nothing to do; 0 means two seconds
	Wake    <-chan struct{} // optional hint that there is something to do
	Rest    time.Duration   // least time between two pieces, in which work gathers; 0 means none
}

// RunWorkers steps every worker in a goroutine of its own until the context ends, and waits for them. A failing worker
// pauses longer each time, up to half a minute, and never stops the others.
func RunWorkers(ctx context.Context, log *slog.Logger, workers ...Worker) {
	var all sync.WaitGroup
	for _, w := range workers {
		all.Go(func() { w.loop(ctx, log) })
	}
	all.Wait()
}

const (
	workerPauseFirst = 100 * time.Millisecond
	workerPauseMax   = 30 * time.Second
)

func (w Worker) loop(ctx context.Context, log *slog.Logger) {
	poll := w.Poll
	if poll <= 0 {
		poll = 2 * time.Second
	}
	failed := workerPauseFirst
	for ctx.Err() == nil {
		worked, err := w.step(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			log.Error("worker failed", "worker", w.Name, "again", failed, "error", err)
			sleep(ctx, failed, nil) // hints would turn the pause into a busy loop
			failed = min(2*failed, workerPauseMax)
		case worked:
			failed = workerPauseFirst
			if w.Rest > 0 {
				sleep(ctx, w.Rest, nil)
			}
		default:
			failed = workerPauseFirst
			sleep(ctx, poll, w.Wake)
		}
	}
}

func (w Worker) step(ctx context.Context) (worked bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return w.RunOnce(ctx)
}
