package node_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/node"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func names(l *node.Life) (out []string) {
	for _, n := range l.Others() {
		out = append(out, n.Name)
	}
	return out
}

func TestWhoLives(t *testing.T) {
	d, w := dbtest.Postgres(t)
	ctx := t.Context()
	a, b := node.Begin(d, node.Node{Name: "a", Version: 5}), node.Begin(d, node.Node{Name: "b"})
	for _, l := range []*node.Life{a, b, a} {
		_, err := l.RunOnce(ctx)
		must(t, err)
	}
	if got := names(a); len(got) != 1 || got[0] != "b" || len(names(b)) != 1 || b.Others()[0].Version != 5 {
		t.Fatal(got, b.Others())
	}
	w.Clock.Advance(node.AliveFor - time.Second)
	_, err := a.RunOnce(ctx)
	must(t, err)
	if len(names(a)) != 1 {
		t.Fatal("b is taken for dead too early")
	}
	w.Clock.Advance(time.Second)
	_, err = a.RunOnce(ctx)
	must(t, err)
	if len(names(a)) != 0 {
		t.Fatal("b is dead, and a does not see it")
	}
	_, err = b.RunOnce(ctx)
	must(t, err)
	must(t, a.End(ctx))
	_, err = b.RunOnce(ctx)
	must(t, err)
	if len(names(b)) != 0 {
		t.Fatal("a has left, and b does not see it")
	}
}

func TestOneProcessWritesNothing(t *testing.T) {
	d, _ := dbtest.SQLite(t)
	l := node.Begin(d, node.Node{Name: "a"})
	_, err := l.RunOnce(t.Context())
	must(t, err)
	must(t, l.End(t.Context()))
	n, err := db.One(t.Context(), d, db.Scalar[int64], `SELECT count(*) FROM kit_node`)
	if err != nil || n != 0 {
		t.Fatal(n, err)
	}
	if _, known, err := node.Measure(t.Context(), d); known || err != nil {
		t.Fatal("SQLite has a clock:", err)
	}
}

// beside opens the database as a process whose clock is off by a distance.
func beside(t *testing.T, w *dbtest.World, off time.Duration) (*db.DB, *clock.Switch) {
	t.Helper()
	turning := clock.NewSwitch(clock.Offset{Base: clock.System(), Distance: off})
	d, err := db.Open(t.Context(), db.Options{URL: w.URL, Clock: turning})
	must(t, err)
	t.Cleanup(func() { must(t, d.Close()) })
	return d, turning
}

func write(d *db.DB) error {
	return d.Write(context.Background(), func(*db.Tx) error { return nil })
}

// A clock that is ahead or behind refuses writes, and a clock that was set right writes again.
func TestClockOfTheDatabase(t *testing.T) {
	_, w := dbtest.Postgres(t)
	for _, off := range []time.Duration{0, 400 * time.Millisecond, -400 * time.Millisecond, 700 * time.Millisecond,
		-700 * time.Millisecond, time.Hour, -24 * time.Hour} {
		d, turning := beside(t, w, off)
		s, known, err := node.Measure(t.Context(), d)
		if err != nil || !known || (s.Ahead-off).Abs() > s.Slack+20*time.Millisecond {
			t.Fatalf("%v: measured %v, %v", off, s, err)
		}
		g := node.NewGuard(d, node.GuardOptions{Fits: fits, Clock: true, Log: slog.New(slog.DiscardHandler)})
		_, err = g.RunOnce(t.Context())
		must(t, err)
		err = write(d)
		if refused := errors.Is(err, node.ErrClock); refused != (off.Abs() > node.SkewMax) {
			t.Errorf("%v: %v", off, err)
		}
		if err != nil && fail.KindOf(err) != fail.Unavailable {
			t.Errorf("%v: a refusal that is no 503: %v", off, err)
		}
		if err := d.Read(t.Context(), func(*db.ReadTx) error { return nil }); err != nil {
			t.Errorf("%v: reading: %v", off, err)
		}
		turning.Use(clock.System())
		_, err = g.RunOnce(t.Context())
		must(t, err)
		must(t, write(d))
		unguarded, _ := beside(t, w, off)
		g = node.NewGuard(unguarded, node.GuardOptions{Fits: fits, Log: slog.New(slog.DiscardHandler)})
		_, err = g.RunOnce(t.Context())
		must(t, err)
		must(t, write(unguarded))
	}
}

// A program that does not fit the database stops writing, also when it had started before, and a database that does not
// answer changes no judgement.
func TestProgramThatDoesNotFit(t *testing.T) {
	d, _ := dbtest.Postgres(t)
	old := fail.New(fail.Unavailable, "test.old")
	var why, err error
	g := node.NewGuard(d, node.GuardOptions{Log: slog.New(slog.DiscardHandler),
		Fits: func(context.Context) (error, error) { return why, err }})
	step := func() {
		if _, got := g.RunOnce(t.Context()); !errors.Is(got, err) {
			t.Fatal(got)
		}
	}
	step()
	must(t, write(d))
	why = old
	step()
	if err := write(d); !errors.Is(err, old) {
		t.Fatal("it goes on writing:", err)
	}
	why, err = nil, db.ErrBusy
	step()
	if err := write(d); !errors.Is(err, old) {
		t.Fatal("it writes again without having looked:", err)
	}
	err = nil
	step()
	must(t, write(d))
}

func fits(context.Context) (error, error) { return nil, nil }
