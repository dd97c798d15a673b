package feed

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
)

const (
	batchMax = 256
	// A projection that wants few kinds steps over this many others in one transaction.
	strideMax     = 4096
	stuckPause    = time.Second
	stuckPauseMax = 5 * time.Minute
)

// Errors of the feed's readers.
var (
	// ErrUnknown answers for a projection that was never subscribed.
	ErrUnknown = fail.New(fail.NotFound, "feed.unknown_projection")
	errPassed  = fail.New(fail.Conflict, "feed.passed") // another node moved the cursor first
)

// Handler applies events to a projection's rows. It may run again after a rollback and must use the transaction only.
type Handler func(ctx context.Context, tx *db.Tx, events []Event) error

// Stuck tells why a projection stands still.
type Stuck struct {
	Since time.Time
	Seq   int64 // the event it cannot apply
	Kind  string
	Error string // for operators only
}

type projection struct {
	name   string
	kinds  []string
	handle Handler

	mu    sync.Mutex // one batch at a time on this node
	size  int        // events in the next batch: falls to one after a failure, doubles after a success
	until time.Time  // no try before
	wait  time.Duration

	notice sync.Mutex
	stuck  *Stuck
}

// Feed runs projections over the numbered events.
type Feed struct {
	d     *db.DB
	log   *slog.Logger
	all   []*projection
	named map[string]*projection
}

// New makes a feed without projections. Subscribe all before running it.
func New(d *db.DB) *Feed {
	return &Feed{d: d, log: d.Log(), named: map[string]*projection{}}
}

// Subscribe adds a projection under a name that its cursor is kept under; kinds nil means every kind.
func (f *Feed) Subscribe(name string, kinds []string, handle Handler) {
	p := &projection{name: name, kinds: kinds, handle: handle, size: batchMax}
	f.all = append(f.all, p)
	f.named[name] = p
}

// RunOnce gives every projection one batch; worked tells that any moved. Errors are those of the database: an event
// that a projection cannot apply stops that projection only and is told by Lags.
func (f *Feed) RunOnce(ctx context.Context) (worked bool, err error) {
	head, err := Head(ctx, f.d)
	if err != nil {
		return false, err
	}
	var problems error
	for _, p := range f.all {
		moved, err := f.advance(ctx, p, head)
		worked = worked || moved
		problems = errors.Join(problems, err)
	}
	return worked, problems
}

// advance takes one projection one batch further.
func (f *Feed) advance(ctx context.Context, p *projection, head int64) (moved bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := f.d.Clock().Now()
	if now.Before(p.until) {
		return false, nil
	}
	cursor, err := cursorOf(ctx, f.d, p.name)
	if err != nil || cursor >= head {
		return false, err
	}
	// Numbered events never change, so they are read before the transaction; the guarded cursor keeps them apt.
	until := min(head, cursor+strideMax)
	events, err := span(ctx, f.d, cursor, until, p.kinds)
	if err != nil {
		return false, err
	}
	if len(events) == batchMax {
		until = events[len(events)-1].Seq
	}
	if len(events) > p.size {
		events = events[:p.size]
		until = events[p.size-1].Seq
	}
	err = f.d.Write(ctx, func(tx *db.Tx) error {
		if err := move(ctx, tx, p.name, cursor, until); err != nil {
			return err
		}
		if len(events) == 0 {
			return nil
		}
		return apply(ctx, tx, p.handle, events)
	})
	switch {
	case err == nil:
		p.size, p.until, p.wait = min(2*p.size, batchMax), time.Time{}, 0
		p.setStuck(nil)
		return true, nil
	case errors.Is(err, errPassed):
		return true, nil
	case fail.KindOf(err) == fail.Unavailable || ctx.Err() != nil:
		return false, err
	}
	return f.failed(p, now, events, err), nil
}

// failed goes on one event at a time, at once, so that the good ones before the bad one still count; a single one that
// fails is the bad one, and the projection waits longer each time.
func (f *Feed) failed(p *projection, now time.Time, events []Event, err error) (goOn bool) {
	p.size = 1
	if len(events) > 1 {
		return true
	}
	p.wait = min(max(2*p.wait, stuckPause), stuckPauseMax)
	p.until = now.Add(p.wait)
	notice := Stuck{Since: now, Seq: events[0].Seq, Kind: events[0].Kind, Error: err.Error()}
	if old := p.getStuck(); old != nil && old.Seq == notice.Seq {
		notice.Since = old.Since
	}
	p.setStuck(&notice)
	f.log.Error("projection is stuck", "projection", p.name, "seq", notice.Seq, "kind", notice.Kind,
		"again", p.wait, "error", err)
	return false
}

func apply(ctx context.Context, tx *db.Tx, handle Handler, events []Event) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("panic: %v\n%s", cause, debug.Stack())
		}
	}()
	return handle(ctx, tx, events)
}

func (p *projection) setStuck(s *Stuck) {
	p.notice.Lock()
	defer p.notice.Unlock()
	p.stuck = s
}

func (p *projection) getStuck() *Stuck {
	p.notice.Lock()
	defer p.notice.Unlock()
	return p.stuck
}

// cursorOf is the place of the last event a projection has counted.
func cursorOf(ctx context.Context, q db.Querier, name string) (int64, error) {
	seq, err := db.One(ctx, q, db.Scalar[int64], `SELECT seq FROM kit_cursor WHERE name = $1`, name)
	if db.IsNoRow(err) {
		return 0, nil
	}
	return seq, err
}

// move takes the cursor from one place to the next as the transaction's first statement: it locks the row, so two nodes
// never apply the same events.
func move(ctx context.Context, tx *db.Tx, name string, from, to int64) error {
	if from == 0 {
		if _, err := db.Exec(ctx, tx, `INSERT INTO kit_cursor (name, seq, at) VALUES ($1, 0, $2)
			ON CONFLICT (name) DO NOTHING`, name, db.Micros(tx.Now())); err != nil {
			return err
		}
	}
	changed, err := db.Exec(ctx, tx, `UPDATE kit_cursor SET seq = $1, at = $2 WHERE name = $3 AND seq = $4`,
		to, db.Micros(tx.Now()), name, from)
	if err != nil {
		return err
	}
	if changed == 0 {
		return errPassed
	}
	return nil
}

// Rebuild empties a projection and sends its cursor to the beginning, in one transaction; RunOnce then fills it with
// the same rows again.
func (f *Feed) Rebuild(ctx context.Context, name string, reset func(ctx context.Context, tx *db.Tx) error) error {
	p, ok := f.named[name]
	if !ok {
		return ErrUnknown.With("Name", name)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	err := f.d.Write(ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, `UPDATE kit_cursor SET seq = 0, at = $1 WHERE name = $2`,
			db.Micros(tx.Now()), name); err != nil {
			return err
		}
		return reset(ctx, tx)
	})
	if err == nil {
		p.size, p.until, p.wait = batchMax, time.Time{}, 0
		p.setStuck(nil)
	}
	return err
}

// Lag tells how far a projection is behind the newest numbered event.
type Lag struct {
	Name   string
	Seq    int64
	Behind int64     // events it has yet to pass
	Moved  time.Time // when the cursor last moved, zero if never
	Stuck  *Stuck    // nil while it goes on
}

// Lags gives every projection's lag, in order of subscription; for metrics and the operator's console.
func (f *Feed) Lags(ctx context.Context, q db.Querier) ([]Lag, error) {
	head, err := Head(ctx, q)
	if err != nil {
		return nil, err
	}
	out := make([]Lag, 0, len(f.all))
	for _, p := range f.all {
		lag, err := db.One(ctx, q, func(r db.Row) (Lag, error) {
			var l Lag
			err := r.Scan(&l.Seq, db.Time(&l.Moved))
			return l, err
		}, `SELECT seq, at FROM kit_cursor WHERE name = $1`, p.name)
		if err != nil && !db.IsNoRow(err) {
			return nil, err
		}
		lag.Name, lag.Behind, lag.Stuck = p.name, max(0, head-lag.Seq), p.getStuck()
		out = append(out, lag)
	}
	return out, nil
}
