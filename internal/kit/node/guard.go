package node

import (
	"context"
	"log/slog"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
)

// ErrClock refuses the writes of a process whose clock is not the database's; Args: Milliseconds.
var ErrClock = fail.New(fail.Unavailable, "node.clock")

const (
	// SkewMax is how far a clock may be off: whether a sale is still open is judged by the writing node's.
	SkewMax = 500 * time.Millisecond
	// GuardEvery is the pause between two looks at the clocks and the schema.
	GuardEvery = 15 * time.Second
	asks       = 3 // the quickest answer of these is believed
	askWait    = 2 * time.Second
)

// Guard refuses this process's writes while its clock or its program does not fit the database.
type Guard struct {
	d   *db.DB
	o   GuardOptions
	off bool
}

// GuardOptions say what is held against the database.
type GuardOptions struct {
	// Fits answers why the program may not run on the database, nil when it may; err when nobody can tell.
	Fits  func(ctx context.Context) (why, err error)
	Clock bool // compare the clocks as well; tests and simulations live in another time
	Log   *slog.Logger
}

// NewGuard makes a guard; step it with RunOnce.
func NewGuard(d *db.DB, o GuardOptions) *Guard {
	return &Guard{d: d, o: o}
}

// Skew is how far a clock is ahead of the database's, and how far that may be wrong.
type Skew struct{ Ahead, Slack time.Duration }

// Measure compares the process's clock with the database's, outside any transaction; known is false on SQLite.
func Measure(ctx context.Context, d *db.DB) (best Skew, known bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, askWait)
	defer cancel()
	for range asks {
		before := d.Clock().Now()
		there, answers, err := d.ServerTime(ctx)
		after := d.Clock().Now()
		if err != nil || !answers {
			return best, known, err
		}
		slack := after.Sub(before) / 2
		if s := (Skew{Ahead: before.Add(slack).Sub(there), Slack: slack}); !known || s.Slack < best.Slack {
			best, known = s, true
		}
	}
	return best, known, nil
}

// off judges a measurement: certain is false when it was too slow to tell.
func (s Skew) off() (off, certain bool) {
	far := s.Ahead.Abs()
	return far > SkewMax, far-s.Slack > SkewMax || far+s.Slack <= SkewMax
}

// RunOnce looks once; it never has more to do. A database that does not answer leaves the last judgement standing.
func (g *Guard) RunOnce(ctx context.Context) (worked bool, err error) {
	if g.d.Engine() != db.Postgres {
		return false, nil
	}
	if why, err := g.o.Fits(ctx); err != nil || why != nil {
		if err == nil {
			g.refuse(why)
		}
		return false, err
	}
	if g.o.Clock {
		s, known, err := Measure(ctx, g.d)
		if err != nil {
			return false, err
		}
		if off, certain := s.off(); known && certain {
			g.off = off
		}
		if g.off {
			g.refuse(ErrClock.With("Milliseconds", s.Ahead.Milliseconds()))
			return false, nil
		}
	}
	g.refuse(nil)
	return false, nil
}

// refuse tells the database, and the log at each turn.
func (g *Guard) refuse(why error) {
	before := g.d.Refusal()
	g.d.Refuse(why)
	switch {
	case why != nil && fail.CodeOf(before) != fail.CodeOf(why):
		args := []any{"code", fail.CodeOf(why)}
		if e, ok := fail.As(why); ok {
			args = append(args, "args", e.Args)
		}
		g.o.Log.Error("this node refuses to write", args...)
	case why == nil && before != nil:
		g.o.Log.Info("this node writes again")
	}
}
