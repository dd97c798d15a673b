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

func TestAWorkerRestsBetweenTwoPieces(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		var pieces atomic.Int64
		done := make(chan struct{})
		wake := make(chan struct{}, 1)
		go func() {
			defer close(done)
			queue.RunWorkers(ctx, slog.New(slog.DiscardHandler), queue.Worker{Name: "calm", Poll: time.Hour, Wake: wake,
				Rest: time.Second, RunOnce: func(context.Context) (bool, error) { return pieces.Add(1) < 3, nil }})
		}()
		for want := int64(1); want <= 3; want++ {
			synctest.Wait()
			if got := pieces.Load(); got != want {
				t.Fatalf("%d pieces after %d seconds", got, want-1)
			}
			wake <- struct{}{} // a hint does not shorten the rest, and is not lost in it
			synctest.Wait()
			if got := pieces.Load(); want < 3 && got != want {
				t.Fatal("it did not rest", got)
			}
			if want < 3 {
				<-wake
			}
			time.Sleep(time.Second)
		}
		synctest.Wait()
		if got := pieces.Load(); got != 4 {
			t.Fatal("a hint in the rest was lost", got)
		}
		cancel()
		<-done
	})
}
