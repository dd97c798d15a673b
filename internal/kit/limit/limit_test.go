package limit

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/fail"
)

func wait(t *testing.T, err error) int64 {
	t.Helper()
	refusal, ok := fail.As(err)
	if !ok || !errors.Is(err, ErrTooMany) {
		t.Fatalf("want a refusal, got %v", err)
	}
	seconds, ok := refusal.Args["Seconds"].(int64)
	if !ok {
		t.Fatalf("arguments %v", refusal.Args)
	}
	return seconds
}

func TestLocal(t *testing.T) {
	now := clock.NewFake(time.Unix(1_772_600_000, 0))
	limiter := NewLocal(now, Rate{Events: 6, Per: time.Minute, Burst: 3}, 10)
	for i := range 3 {
		if err := limiter.Take("a"); err != nil {
			t.Fatalf("event %d of the burst: %v", i, err)
		}
	}
	for range 5 {
		if got := wait(t, limiter.Take("a")); got != 10 {
			t.Errorf("told to wait %d s", got)
		}
	}
	if err := limiter.Take("b"); err != nil {
		t.Errorf("another key: %v", err)
	}
	now.Advance(9 * time.Second)
	if got := wait(t, limiter.Take("a")); got != 1 {
		t.Errorf("told to wait %d s", got)
	}
	now.Advance(time.Second)
	if err := limiter.Take("a"); err != nil {
		t.Errorf("after waiting as told: %v", err)
	}
	if err := NewLocal(now, Rate{Events: 1, Per: time.Minute}, 1).Take("a"); !errors.Is(err, ErrTooMany) {
		t.Errorf("no burst allows nothing: %v", err)
	}
}

func TestLocalForgetsTheKeyNotSeenForLongest(t *testing.T) {
	limiter := NewLocal(clock.NewFake(time.Unix(0, 0)), Rate{Events: 1, Per: time.Hour, Burst: 1}, 3)
	for _, key := range []string{"a", "b", "c"} {
		if err := limiter.Take(key); err != nil {
			t.Fatal(err)
		}
	}
	wait(t, limiter.Take("a")) // seen again: b is now the oldest
	if err := limiter.Take("d"); err != nil {
		t.Fatal(err)
	}
	wait(t, limiter.Take("a"))
	wait(t, limiter.Take("c"))
	if err := limiter.Take("b"); err != nil {
		t.Errorf("b should be forgotten: %v", err)
	}
	for i := range 10_000 {
		_ = limiter.Take(strconv.Itoa(i))
	}
	if len(limiter.byKey) != 3 || limiter.recent.Len() != 3 {
		t.Errorf("%d keys are remembered", len(limiter.byKey))
	}
}

// TestLocalNeverAllowsMore holds the rate over any pattern of attempts: burst plus what the time has earned.
func TestLocalNeverAllowsMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := clock.NewFake(time.Unix(1_772_600_000, 0))
		limiter := NewLocal(now, Rate{Events: 10, Per: 10 * time.Second, Burst: 4}, 2)
		allowed, passed := 0, time.Duration(0)
		for _, pause := range rapid.SliceOfN(rapid.IntRange(0, 3000), 1, 60).Draw(t, "pauses") {
			step := time.Duration(pause) * time.Millisecond
			now.Advance(step)
			passed += step
			if limiter.Take("a") == nil {
				allowed++
			}
		}
		if most := 4 + int(passed/time.Second); allowed > most {
			t.Fatalf("%d allowed in %v, at most %d", allowed, passed, most)
		}
	})
}

func TestCounter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx, counter := t.Context(), NewCounter(d)
		rule := Rule{Name: "otp", Max: 3, Per: 10 * time.Minute}
		for i := range 3 {
			if err := counter.Take(ctx, rule, "010-1234-5678"); err != nil {
				t.Fatalf("attempt %d: %v", i, err)
			}
			w.Clock.Advance(time.Minute)
		}
		if got := wait(t, counter.Take(ctx, rule, "010-1234-5678")); got != 7*60 {
			t.Errorf("told to wait %d s", got)
		}
		if err := counter.Take(ctx, rule, "010-0000-0000"); err != nil {
			t.Errorf("another key: %v", err)
		}
		if err := counter.Take(ctx, Rule{"login", 3, time.Minute}, "010-1234-5678"); err != nil {
			t.Errorf("another rule: %v", err)
		}
		w.Clock.Advance(7*time.Minute - time.Second)
		wait(t, counter.Take(ctx, rule, "010-1234-5678"))
		w.Clock.Advance(time.Second)
		for i := range 3 {
			if err := counter.Take(ctx, rule, "010-1234-5678"); err != nil {
				t.Errorf("attempt %d of the next window: %v", i, err)
			}
		}
		wait(t, counter.Take(ctx, rule, "010-1234-5678"))
		wait(t, counter.Take(ctx, Rule{"closed", 0, time.Minute}, "a"))
		plain, err := db.One(ctx, d, db.Scalar[int64], `SELECT count(*) FROM kit_limit WHERE key LIKE $1`, "%1234%5678%")
		if err != nil || plain != 0 {
			t.Errorf("%d keys in plain text, %v", plain, err)
		}
	})
}

func TestForgetAndRollback(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		ctx, counter := t.Context(), NewCounter(d)
		rule := Rule{Name: "login", Max: 1, Per: time.Minute}
		lost := errors.New("rolled back")
		if err := d.Write(ctx, func(tx *db.Tx) error {
			if err := TakeIn(ctx, tx, rule, "a"); err != nil {
				return err
			}
			return lost
		}); !errors.Is(err, lost) {
			t.Fatal(err)
		}
		if err := counter.Take(ctx, rule, "a"); err != nil {
			t.Errorf("the lost count was kept: %v", err)
		}
		wait(t, counter.Take(ctx, rule, "a"))
		if err := d.Write(ctx, func(tx *db.Tx) error { return Forget(ctx, tx, rule, "a") }); err != nil {
			t.Fatal(err)
		}
		if err := counter.Take(ctx, rule, "a"); err != nil {
			t.Errorf("after Forget: %v", err)
		}
	})
}

// TestCounterHoldsAgainstARush: many at once get exactly the maximum through.
func TestCounterHoldsAgainstARush(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		counter, rule := NewCounter(d), Rule{Name: "redeem", Max: 5, Per: time.Minute}
		var through, refused atomic.Int64
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				for range 5 {
					switch err := counter.Take(t.Context(), rule, "device"); {
					case err == nil:
						through.Add(1)
					case errors.Is(err, ErrTooMany):
						refused.Add(1)
					default:
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		if through.Load() != 5 || refused.Load() != 35 {
			t.Errorf("%d through, %d refused", through.Load(), refused.Load())
		}
	})
}

func TestSweep(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx, counter := t.Context(), NewCounter(d)
		if err := d.Write(ctx, func(tx *db.Tx) error {
			for i := range sweepRows + 5 {
				if err := TakeIn(ctx, tx, Rule{"short", 1, time.Minute}, fmt.Sprint(i)); err != nil {
					return err
				}
			}
			return TakeIn(ctx, tx, Rule{"long", 1, time.Hour}, "a")
		}); err != nil {
			t.Fatal(err)
		}
		w.Clock.Advance(time.Minute)
		for i, want := range []bool{true, false, false} {
			if more, err := counter.Sweep(ctx); err != nil || more != want {
				t.Errorf("sweep %d: %v, %v", i, more, err)
			}
		}
		left, err := db.One(ctx, d, db.Scalar[int64], `SELECT count(*) FROM kit_limit`)
		if err != nil || left != 1 {
			t.Errorf("%d rows are left, %v", left, err)
		}
	})
}
