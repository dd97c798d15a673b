package queue_test

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dure-commerce/dure/internal/kit/queue"
)

func TestWorkersPollWakeAndPauseAfterErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		wake := make(chan struct{}, 1)
		var calm, bad atomic.Int64
		done := make(chan struct{})
		go func() {
			defer close(done)
			queue.RunWorkers(ctx, slog.New(slog.DiscardHandler),
				queue.Worker{Name: "calm", Poll: time.Minute, Wake: wake, RunOnce: func(context.Context) (bool, error) {
					return calm.Add(1) <= 3, nil
				}},
				queue.Worker{Name: "bad", RunOnce: func(context.Context) (bool, error) {
					if bad.Add(1)%2 == 0 {
						panic("boom")
					}
					return true, errors.New("no")
				}})
		}()
		synctest.Wait()
		if calm.Load() != 4 || bad.Load() != 1 {
			t.Fatal("at the start", calm.Load(), bad.Load())
		}
		wake <- struct{}{}
		synctest.Wait()
		if calm.Load() != 5 {
			t.Fatal("after a hint", calm.Load())
		}
		time.Sleep(time.Minute) // the bubble's time: nothing really waits
		synctest.Wait()
		if calm.Load() != 6 {
			t.Fatal("after the poll", calm.Load())
		}
		if bad.Load() > 12 {
			t.Fatal("the failing worker is a busy loop", bad.Load())
		}
		cancel()
		<-done
	})
}
