package lane

import (
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
)

// Errors of lanes.
var (
	// ErrAgain is what a step returns when a guard answered no row: decide the batch anew.
	ErrAgain = errors.New("lane: a guard answered no row")
	ErrFull  = fail.New(fail.Unavailable, "lane.full")
	ErrEnded = fail.New(fail.Unavailable, "lane.closed")
	ErrHot   = fail.New(fail.Unavailable, "lane.contended")
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
}

const againMax = 20

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

type counters struct{ batches, commands, again, splits, largest atomic.Int64 }

// Stats tell how the lanes did since the start.
type Stats struct {
	Batches, Commands, Again, Splits, Largest int64
	Waiting                                   int
}

// item is one waiting command.
type item struct {
	ctx   context.Context
	step  runner
	cmd   any
	value any
	err   error
	done  chan struct{}
}

// runner runs the commands of one step inside a transaction and leaves their answers in the items.
type runner interface {
	run(ctx context.Context, tx *db.Tx, items []*item) error
}

// New starts the combiners.
func New(d *db.DB, opts Options) *Lane {
	if opts.BatchMax == 0 {
		opts.BatchMax = 256
	}
	if opts.QueueMax == 0 {
		opts.QueueMax = 8192
	}
	if opts.Combiners == 0 {
		opts.Combiners = 1
		if d.Engine() == db.Postgres {
			opts.Combiners = 4
		}
	}
	l := &Lane{db: d, opts: opts}
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
	if l.closed {
		l.mu.Unlock()
		return
	}
	l.closed = true
	for _, queue := range l.queues {
		close(queue)
	}
	l.mu.Unlock()
	l.wait.Wait()
}

// Stats gives the counts so far.
func (l *Lane) Stats() Stats {
	s := Stats{Batches: l.stats.batches.Load(), Commands: l.stats.commands.Load(), Again: l.stats.again.Load(),
		Splits: l.stats.splits.Load(), Largest: l.stats.largest.Load()}
	for _, queue := range l.queues {
		s.Waiting += len(queue)
	}
	return s
}

// Step is a registered step.
type Step[C, R any] struct {
	lane *Lane
	name string
	fn   func(ctx context.Context, tx *db.Tx, cmds []C) ([]Answer[R], error)
}

// Register makes a step of a batch function. The function must be re-runnable and give one answer a command.
func Register[C, R any](
	l *Lane, name string, fn func(ctx context.Context, tx *db.Tx, cmds []C) ([]Answer[R], error),
) *Step[C, R] {
	return &Step[C, R]{lane: l, name: name, fn: fn}
}

// Do waits for the command's batch to commit and gives its answer. Commands with the same key keep their order of
// arrival. When ctx ends first, a command not yet taken is dropped; one that was taken takes effect all the same.
func (s *Step[C, R]) Do(ctx context.Context, key string, cmd C) (R, error) {
	var zero R
	it := &item{ctx: ctx, step: s, cmd: cmd, done: make(chan struct{})}
	if err := s.lane.put(key, it); err != nil {
		return zero, err
	}
	select {
	case <-it.done:
	case <-ctx.Done():
		return zero, ctx.Err()
	}
	if it.err != nil {
		if value, ok := it.value.(R); ok {
			return value, it.err
		}
		return zero, it.err
	}
	return it.value.(R), nil
}

// Run takes a batch through the lane's rules at once, in the caller's goroutine: for jobs, simulations and tests.
func (s *Step[C, R]) Run(ctx context.Context, cmds []C) []Answer[R] {
	items := make([]*item, len(cmds))
	for i, c := range cmds {
		items[i] = &item{ctx: ctx, step: s, cmd: c, done: make(chan struct{})}
	}
	s.lane.settle(items)
	out := make([]Answer[R], len(cmds))
	for i, it := range items {
		if v, ok := it.value.(R); ok {
			out[i].Value = v
		}
		out[i].Err = it.err
	}
	return out
}

func (s *Step[C, R]) run(ctx context.Context, tx *db.Tx, items []*item) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("step %s: panic: %v\n%s", s.name, r, debug.Stack())
		}
	}()
	cmds := make([]C, len(items))
	for i, it := range items {
		cmds[i] = it.cmd.(C)
	}
	answers, err := s.fn(ctx, tx, cmds)
	if err != nil {
		return err
	}
	if len(answers) != len(items) {
		return fmt.Errorf("step %s: %d answers for %d commands", s.name, len(answers), len(items))
	}
	for i, a := range answers {
		items[i].value, items[i].err = a.Value, a.Err
	}
	return nil
}

func (l *Lane) put(key string, it *item) error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if l.closed {
		return ErrEnded
	}
	n := 0
	if len(l.queues) > 1 {
		h := fnv.New32a()
		_, _ = h.Write([]byte(key))
		n = int(h.Sum32() % uint32(len(l.queues)))
	}
	select {
	case l.queues[n] <- it:
		return nil
	default:
		return ErrFull.With("RetryAfter", 1)
	}
}

func (l *Lane) combine(queue chan *item) {
	for first := range queue {
		batch := append(make([]*item, 0, min(l.opts.BatchMax, len(queue)+1)), first)
	fill:
		for len(batch) < l.opts.BatchMax {
			select {
			case it, ok := <-queue:
				if !ok {
					break fill
				}
				batch = append(batch, it)
			default:
				break fill
			}
		}
		live := batch[:0]
		for _, it := range batch {
			if err := it.ctx.Err(); err != nil {
				it.err = err
				close(it.done)
				continue
			}
			live = append(live, it)
		}
		l.settle(live)
		for _, it := range live {
			close(it.done)
		}
	}
}

// settle runs a batch until it commits, splitting it when something unexpected happens.
func (l *Lane) settle(items []*item) {
	if len(items) == 0 {
		return
	}
	err := l.commit(items)
	switch {
	case err == nil:
		l.stats.batches.Add(1)
		l.stats.commands.Add(int64(len(items)))
		l.raise(int64(len(items)))
	case len(items) == 1:
		items[0].value, items[0].err = nil, err
	case fail.KindOf(err) == fail.Unavailable && !errors.Is(err, ErrHot):
		// The database cannot take writes at all: singles would only wait longer for the same answer.
		for _, it := range items {
			it.value, it.err = nil, err
		}
	default:
		l.stats.splits.Add(1)
		half := len(items) / 2
		l.settle(items[:half])
		l.settle(items[half:])
	}
}

func (l *Lane) raise(n int64) {
	for {
		old := l.stats.largest.Load()
		if n <= old || l.stats.largest.CompareAndSwap(old, n) {
			return
		}
	}
}

// commit runs one transaction over the items, again while a guard answers no row.
func (l *Lane) commit(items []*item) error {
	// The batch belongs to many callers: no single one's context may cut it short.
	ctx := context.Background()
	for range againMax {
		err := l.db.Write(ctx, func(tx *db.Tx) error {
			for _, it := range items {
				it.value, it.err = nil, nil
			}
			for _, group := range byStep(items) {
				if err := group[0].step.run(ctx, tx, group); err != nil {
					return err
				}
			}
			return nil
		})
		if !errors.Is(err, ErrAgain) {
			return err
		}
		l.stats.again.Add(1)
	}
	return ErrHot
}

// byStep groups items by step, steps in order of first arrival, items in order of arrival.
func byStep(items []*item) [][]*item {
	var out [][]*item
	at := map[runner]int{}
	for _, it := range items {
		n, ok := at[it.step]
		if !ok {
			n = len(out)
			at[it.step] = n
			out = append(out, nil)
		}
		out[n] = append(out[n], it)
	}
	return out
}
