package lane

import (
	"context"
	"sync"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
)

// ErrAgain is what a step returns when a guard answered no row: decide the batch anew.
var ErrAgain = db.ErrAgain

// Errors that a caller may hear instead of an answer. All but ErrUnknown mean that nothing happened.
var (
	ErrFull  = fail.New(fail.Unavailable, "lane.full")      // too many wait; the argument RetryAfter is in seconds
	ErrEnded = fail.New(fail.Unavailable, "lane.closed")    // the process is ending
	ErrHot   = fail.New(fail.Unavailable, "lane.contended") // rivals on other nodes were faster too many times
	// ErrUnknown: the connection broke while committing. Asking again with the same key tells what happened.
	ErrUnknown = fail.New(fail.Unavailable, "lane.unknown")
)

// Answer is what one command of a batch gets. Err is its own refusal; the batch still commits.
type Answer[R any] struct {
	Value R
	Err   error
}

// Options bound the lanes; zero values give defaults.
type Options struct {
	BatchMax  int // commands in one transaction, default 256
	QueueMax  int // commands waiting in one combiner, default 8,192
	Combiners int // default 1 on SQLite, 4 on PostgreSQL
	// Direct starts no combiner: Do runs a batch of one in the caller's goroutine. The simulation needs it to be
	// deterministic, and the bench to show what lanes are good for.
	Direct bool
}

// Lane owns the combiners.
type Lane struct {
	db     *db.DB
	opts   Options
	queues []chan *item
	wait   sync.WaitGroup
	mu     sync.RWMutex
	closed bool
	stats  counters
}

// New starts the combiners.
func New(d *db.DB, opts Options) *Lane {
	if opts.BatchMax <= 0 {
		opts.BatchMax = 256
	}
	if opts.QueueMax <= 0 {
		opts.QueueMax = 8192
	}
	if opts.Combiners <= 0 {
		opts.Combiners = 1
		if d.Engine() == db.Postgres {
			opts.Combiners = 4
		}
	}
	l := &Lane{db: d, opts: opts}
	if opts.Direct {
		return l
	}
	for range opts.Combiners {
		queue := make(chan *item, opts.QueueMax)
		l.queues = append(l.queues, queue)
		l.wait.Go(func() { l.combine(queue) })
	}
	return l
}

// Close refuses new commands, finishes the waiting ones and ends the combiners.
func (l *Lane) Close() {
	l.mu.Lock()
	if !l.closed {
		l.closed = true
		for _, queue := range l.queues {
			close(queue)
		}
	}
	l.mu.Unlock()
	l.wait.Wait()
}

// Direct runs calls of any steps together at once, in the caller's goroutine, as a combiner that found them waiting in
// this order would; it returns when every call has its answer.
func (l *Lane) Direct(ctx context.Context, calls ...Call) {
	items := make([]*item, len(calls))
	for i, c := range calls {
		items[i] = c.waiting()
	}
	l.batches(ctx, items)
}
