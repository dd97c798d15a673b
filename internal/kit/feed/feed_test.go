package feed_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/feed"
	"github.com/dure-commerce/dure/internal/kit/lease"
)

func emit(t *testing.T, d *db.DB, events ...db.Event) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, e := range events {
			tx.Emit(e)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func sealer(d *db.DB, node string) *feed.Sealer {
	return feed.NewSealer(d, lease.NewKeeper(d, feed.LeaseName, node, time.Minute))
}

// drain steps until there is nothing to do.
func drain(t *testing.T, runOnce func(context.Context) (bool, error)) {
	t.Helper()
	for range 10_000 {
		worked, err := runOnce(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !worked {
			return
		}
	}
	t.Fatal("never done")
}

func places(t *testing.T, d *db.DB) string {
	t.Helper()
	events, err := feed.After(t.Context(), d, 0, 10_000)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for i, e := range events {
		if e.Seq != int64(i+1) {
			t.Fatalf("event %d has number %d", i+1, e.Seq)
		}
		out = append(out, fmt.Sprintf("%s%d", e.Aggregate, e.Version))
	}
	return strings.Join(out, " ")
}

func TestSealSortsOneScanAndLeavesNoGap(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		s := sealer(d, "a")
		if worked, err := s.RunOnce(t.Context()); worked || err != nil {
			t.Fatal(worked, err)
		}
		emit(t, d, db.Event{Kind: "k", Aggregate: "b", Version: 2}, db.Event{Kind: "k", Aggregate: "a", Version: 10},
			db.Event{Kind: "k", Aggregate: "a", Version: 9}, db.Event{Kind: "k", Aggregate: "b", Version: 1})
		drain(t, s.RunOnce)
		emit(t, d, db.Event{Kind: "k", Aggregate: "a", Version: 11})
		drain(t, s.RunOnce)
		if got := places(t, d); got != "a9 a10 b1 b2 a11" {
			t.Fatal(got)
		}
		if s.Head() != 5 {
			t.Fatal(s.Head())
		}
		<-s.Wake()
		<-s.Sealed()
		rest, err := feed.After(t.Context(), d, 3, 1)
		if err != nil || len(rest) != 1 || rest[0].Aggregate != "b" || rest[0].At.IsZero() {
			t.Fatal(rest, err)
		}
	})
}

func TestOnlyTheNewestEpochSeals(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		a, b := sealer(d, "a"), sealer(d, "b")
		emit(t, d, db.Event{Kind: "k", Aggregate: "x", Version: 1})
		drain(t, a.RunOnce)
		emit(t, d, db.Event{Kind: "k", Aggregate: "x", Version: 2})
		if worked, err := b.RunOnce(t.Context()); worked || err != nil {
			t.Fatal("sealed without the lease", worked, err)
		}
		w.Clock.Advance(2 * time.Minute)
		drain(t, b.RunOnce)
		w.Clock.Advance(-2 * time.Minute) // a's clock stood still: it believes that its lease has not ended
		emit(t, d, db.Event{Kind: "k", Aggregate: "x", Version: 3})
		if worked, err := a.RunOnce(t.Context()); worked || err != nil {
			t.Fatal("a stale epoch sealed", worked, err)
		}
		drain(t, b.RunOnce)
		if got := places(t, d); got != "x1 x2 x3" {
			t.Fatal(got)
		}
	})
}

// counter is a projection that keeps its rows in kit_cursor under other names, so that no table of its own is needed.
func counter(ctx context.Context, tx *db.Tx, events []feed.Event) error {
	for _, e := range events {
		_, err := db.Exec(ctx, tx, `INSERT INTO kit_cursor (name, seq, at) VALUES ($1, 1, 0)
			ON CONFLICT (name) DO UPDATE SET seq = kit_cursor.seq + 1`, "count "+e.Aggregate)
		if err != nil {
			return err
		}
	}
	return nil
}

func counts(t *testing.T, d *db.DB) string {
	t.Helper()
	rows, err := db.All(t.Context(), d, func(r db.Row) (string, error) {
		var name string
		var n int64
		err := r.Scan(&name, &n)
		return fmt.Sprintf("%s=%d", strings.TrimPrefix(name, "count "), n), err
	}, `SELECT name, seq FROM kit_cursor WHERE name LIKE 'count %' ORDER BY name`)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(rows, " ")
}

func TestEachEventCountsOnceAndARebuildGivesTheSame(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		for i := range 20 {
			events := make([]db.Event, 40)
			for j := range events {
				kind := "wanted"
				if j%2 == 1 {
					kind = "other"
				}
				events[j] = db.Event{Kind: kind, Aggregate: fmt.Sprint("g", j%4), Version: int64(i)}
			}
			emit(t, d, events...)
		}
		drain(t, sealer(d, "a").RunOnce)
		var nodes sync.WaitGroup
		var first *feed.Feed
		for range 3 { // three nodes race for the same cursor
			f := feed.New(d)
			f.Subscribe("count", []string{"wanted"}, counter)
			first = f
			nodes.Go(func() { drain(t, f.RunOnce) })
		}
		nodes.Wait()
		const want = "g0=200 g2=200"
		if got := counts(t, d); got != want {
			t.Fatal(got)
		}
		err := first.Rebuild(t.Context(), "count", func(ctx context.Context, tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `DELETE FROM kit_cursor WHERE name LIKE 'count %'`)
			return err
		})
		if err != nil || counts(t, d) != "" {
			t.Fatal(err, counts(t, d))
		}
		drain(t, first.RunOnce)
		if got := counts(t, d); got != want {
			t.Fatal("after the rebuild:", got)
		}
		if err := first.Rebuild(t.Context(), "nobody", nil); !errors.Is(err, feed.ErrUnknown) {
			t.Fatal(err)
		}
	})
}

func TestPoisonStopsOneProjectionOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		f := feed.New(d)
		broken := true
		f.Subscribe("bad", nil, func(ctx context.Context, tx *db.Tx, events []feed.Event) error {
			for _, e := range events {
				if broken && e.Version == 7 {
					panic("cannot read version 7")
				}
			}
			return counter(ctx, tx, events)
		})
		seen := 0
		f.Subscribe("good", nil, func(_ context.Context, _ *db.Tx, events []feed.Event) error {
			seen += len(events)
			return nil
		})
		for i := range 10 {
			emit(t, d, db.Event{Kind: "k", Aggregate: "x", Version: int64(i + 1)})
		}
		drain(t, sealer(d, "a").RunOnce)
		drain(t, f.RunOnce)
		lags, err := f.Lags(t.Context(), d)
		if err != nil || len(lags) != 2 {
			t.Fatal(lags, err)
		}
		bad, good := lags[0], lags[1]
		if bad.Seq != 6 || bad.Behind != 4 || bad.Stuck == nil || bad.Stuck.Seq != 7 {
			t.Fatalf("%+v %+v", bad, bad.Stuck)
		}
		if good.Behind != 0 || good.Stuck != nil || seen != 10 {
			t.Fatalf("%+v %d", good, seen)
		}
		if got := counts(t, d); got != "x=6" {
			t.Fatal(got)
		}
		broken = false
		w.Clock.Advance(time.Hour)
		drain(t, f.RunOnce)
		if lags, err = f.Lags(t.Context(), d); err != nil || lags[0].Behind != 0 || lags[0].Stuck != nil {
			t.Fatalf("%+v %v", lags, err)
		}
		if got := counts(t, d); got != "x=10" {
			t.Fatal(got)
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	d, _ := dbtest.SQLite(b)
	s := sealer(d, "a")
	sealed := 0
	for b.Loop() {
		b.StopTimer()
		err := d.Write(b.Context(), func(tx *db.Tx) error {
			for j := range 4096 {
				tx.Emit(db.Event{Kind: "order.paid", Aggregate: fmt.Sprint("ord_", j), Version: 1, Payload: j})
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		for worked := true; worked; {
			if worked, err = s.RunOnce(b.Context()); err != nil {
				b.Fatal(err)
			}
		}
		sealed += 4096
	}
	b.ReportMetric(float64(sealed)/b.Elapsed().Seconds(), "events/s")
}

func BenchmarkProject(b *testing.B) {
	d, _ := dbtest.SQLite(b)
	s := sealer(d, "a")
	f := feed.New(d)
	f.Subscribe("nothing", nil, func(context.Context, *db.Tx, []feed.Event) error { return nil })
	read := 0
	for b.Loop() {
		b.StopTimer()
		err := d.Write(b.Context(), func(tx *db.Tx) error {
			for j := range 4096 {
				tx.Emit(db.Event{Kind: "order.paid", Aggregate: fmt.Sprint("ord_", j), Version: 1, Payload: j})
			}
			return nil
		})
		for worked := true; worked && err == nil; {
			worked, err = s.RunOnce(b.Context())
		}
		b.StartTimer()
		for worked := true; worked && err == nil; {
			worked, err = f.RunOnce(b.Context())
		}
		if err != nil {
			b.Fatal(err)
		}
		read += 4096
	}
	b.ReportMetric(float64(read)/b.Elapsed().Seconds(), "events/s")
}
