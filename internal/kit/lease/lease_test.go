package lease_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/lease"
)

func check(d *db.DB, l lease.Lease) error {
	return d.Write(context.Background(), func(tx *db.Tx) error {
		return lease.Check(context.Background(), tx, l.Name, l.Holder, l.Epoch)
	})
}

func TestTwoHoldersBelieve(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := t.Context()
		a, err := lease.Acquire(ctx, d, "sealer", "a", time.Minute)
		if err != nil || a.Epoch != 1 || check(d, a) != nil {
			t.Fatal(a, err)
		}
		if _, err := lease.Acquire(ctx, d, "sealer", "b", time.Minute); !errors.Is(err, lease.ErrHeld) {
			t.Fatal(err)
		}
		if other, err := lease.Acquire(ctx, d, "other", "b", time.Minute); err != nil || other.Epoch != 1 {
			t.Fatal(other, err)
		}
		w.Clock.Advance(time.Minute)
		if err := check(d, a); err != nil { // ended, but nobody else began: still the newest epoch
			t.Fatal(err)
		}
		b, err := lease.Acquire(ctx, d, "sealer", "b", time.Minute)
		if err != nil || b.Epoch != 2 {
			t.Fatal(b, err)
		}
		if err := check(d, a); !errors.Is(err, lease.ErrLost) {
			t.Fatal("the stale epoch still acts:", err)
		}
		if _, err := lease.Renew(ctx, d, a, time.Minute); !errors.Is(err, lease.ErrLost) {
			t.Fatal(err)
		}
		if err := lease.Release(ctx, d, a); err != nil {
			t.Fatal(err)
		}
		if err := check(d, b); err != nil {
			t.Fatal(err)
		}
		if _, err := lease.Acquire(ctx, d, "sealer", "a", time.Minute); !errors.Is(err, lease.ErrHeld) {
			t.Fatal("a stale release freed the new holder's lease:", err)
		}
		again, err := lease.Acquire(ctx, d, "sealer", "b", time.Minute) // restarted under its name
		if err != nil || again.Epoch != 3 || !errors.Is(check(d, b), lease.ErrLost) {
			t.Fatal(again, err)
		}
	})
}

func TestKeeperRenewsLosesAndReleases(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := t.Context()
		a := lease.NewKeeper(d, "sealer", "a", time.Minute)
		b := lease.NewKeeper(d, "sealer", "b", time.Minute)
		for range 10 {
			if l, err := a.Hold(ctx); err != nil || l.Epoch != 1 {
				t.Fatal(l, err)
			}
			w.Clock.Advance(20 * time.Second)
			if _, err := b.Hold(ctx); !errors.Is(err, lease.ErrHeld) {
				t.Fatal(err)
			}
		}
		w.Clock.Advance(time.Minute)
		if l, err := b.Hold(ctx); err != nil || l.Epoch != 2 {
			t.Fatal(l, err)
		}
		if _, err := a.Hold(ctx); !errors.Is(err, lease.ErrHeld) {
			t.Fatal(err)
		}
		if err := b.Release(ctx); err != nil {
			t.Fatal(err)
		}
		if l, err := a.Hold(ctx); err != nil || l.Epoch != 3 {
			t.Fatal(l, err)
		}
	})
}

func TestOneOfManyAcquires(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		var mu sync.Mutex
		var all sync.WaitGroup
		won := 0
		for i := range 16 {
			all.Go(func() {
				_, err := lease.Acquire(t.Context(), d, "x", fmt.Sprint(i), time.Minute)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won++
				} else if !errors.Is(err, lease.ErrHeld) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if won != 1 {
			t.Fatal(won)
		}
	})
}
