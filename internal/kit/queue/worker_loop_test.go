package queue_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dure-commerce/dure/internal/kit/queue"
)

func TestWorkersPollWakeAndPauseAfterErrors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		wake := make(chan struct{}, 1)
		var calm, bad int
		left := 3
		done := make(chan struct{})
		go func() {
			defer close(done)
			queue.RunWorkers(ctx, slog.New(slog.DiscardHandler),
				queue.Worker{Name: "calm", Poll: time.Minute, Wake: wake, RunOnce: func(context.Context) (bool, error) {
					calm++
					left--
					return left >= 0, nil
				}},
				queue.Worker{Name: "bad", RunOnce: func(context.Context) (bool, error) {
					bad++
					if bad%2 == 0 {
						panic("boom")
					}
					return true, errors.New("no")
				}})
		}()
		synctest.Wait()
		if calm != 4 || bad != 1 {
			t.Fatal("at the start", calm, bad)
		}
		wake <- struct{}{}
		synctest.Wait()
		if calm != 5 {
			t.Fatal("after a hint", calm)
		}
		time.Sleep(time.Minute) // the bubble's time: nothing really waits
		synctest.Wait()
		if calm != 6 {
			t.Fatal("after the poll", calm)
		}
		if bad > 12 {
			t.Fatal("the failing worker is a busy loop", bad)
		}
		cancel()
		<-done
	})
}
