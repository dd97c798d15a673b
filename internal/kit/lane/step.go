package lane

import (
	"context"
	"fmt"
	"hash/fnv"
	"runtime/debug"
	"sync/atomic"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// The states of an item: whoever leaves waiting first decides whether the command runs.
const (
	waiting int32 = iota
	taken
	dropped
)

// item is one waiting command.
type item struct {
	step  runner
	cmd   any
	value any
	err   error
	state atomic.Int32
	done  chan struct{}
}

// runner runs the commands of one step inside a transaction and leaves their answers in the items.
type runner interface {
	run(ctx context.Context, tx *db.Tx, items []*item) error
}

// Step is a registered step.
type Step[C, R any] struct {
	lane *Lane
	name string
	fn   func(ctx context.Context, tx *db.Tx, cmds []C) ([]Answer[R], error)
}

// Register makes a step of a batch function. The function must be re-runnable and give one answer a command, in order.
func Register[C, R any](
	l *Lane, name string, fn func(ctx context.Context, tx *db.Tx, cmds []C) ([]Answer[R], error),
) *Step[C, R] {
	return &Step[C, R]{lane: l, name: name, fn: fn}
}

// Do waits for the command's batch to commit and gives its answer. Commands with the same key keep their order of
// arrival. When ctx ends first, a command not yet taken never runs; one that was taken takes effect all the same.
func (s *Step[C, R]) Do(ctx context.Context, key string, cmd C) (R, error) {
	var zero R
	it := &item{step: s, cmd: cmd, done: make(chan struct{})}
	if err := ctx.Err(); err != nil {
		return zero, err
	}
	if err := s.lane.put(key, it); err != nil {
		return zero, err
	}
	select {
	case <-it.done:
		return result[R](it)
	case <-ctx.Done():
	}
	if !it.state.CompareAndSwap(waiting, dropped) {
		select {
		case <-it.done: // both at once: the outcome is worth more
			return result[R](it)
		default:
		}
	}
	return zero, ctx.Err()
}

// Run takes commands through the lane's rules at once, in batches of at most BatchMax, in the caller's goroutine: for
// jobs, simulations and tests.
func (s *Step[C, R]) Run(ctx context.Context, cmds []C) []Answer[R] {
	items := make([]*item, len(cmds))
	for i, c := range cmds {
		items[i] = &item{step: s, cmd: c}
	}
	s.lane.batches(ctx, items)
	out := make([]Answer[R], len(cmds))
	for i, it := range items {
		out[i].Value, out[i].Err = result[R](it)
	}
	return out
}

// RunBatch is Run under the name that benches and simulations look for.
func (s *Step[C, R]) RunBatch(ctx context.Context, cmds []C) []Answer[R] { return s.Run(ctx, cmds) }

// Call is a command that waits for Direct.
type Call interface{ waiting() *item }

// Pending is a Call whose answer can be read after Direct.
type Pending[R any] struct{ it *item }

// Call prepares a command for Direct.
func (s *Step[C, R]) Call(cmd C) Pending[R] { return Pending[R]{it: &item{step: s, cmd: cmd}} }

func (p Pending[R]) waiting() *item { return p.it }

// Answer gives the answer once Direct has returned.
func (p Pending[R]) Answer() (R, error) { return result[R](p.it) }

// result is the answer's value also beside a refusal: a step may explain itself in it.
func result[R any](it *item) (R, error) {
	value, _ := it.value.(R)
	return value, it.err
}

func (s *Step[C, R]) run(ctx context.Context, tx *db.Tx, items []*item) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = &panicked{step: s.name, cause: cause, stack: debug.Stack()}
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

// panicked is a step's panic as an error; the edge reports it as internal.
type panicked struct {
	step  string
	cause any
	stack []byte
}

func (p *panicked) Error() string {
	return fmt.Sprintf("step %s: panic: %v\n%s", p.step, p.cause, p.stack)
}

// Unwrap gives a cause that was an error, so that a broken invariant can still be told apart.
func (p *panicked) Unwrap() error {
	err, _ := p.cause.(error)
	return err
}

// put hands an item to its combiner without waiting.
func (l *Lane) put(key string, it *item) error {
	l.mu.RLock()
	defer l.mu.RUnlock()
	switch {
	case l.closed:
		return ErrEnded
	case l.opts.Direct:
		l.batches(context.Background(), []*item{it})
		close(it.done)
		return nil
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
		l.stats.full.Add(1)
		return ErrFull.With("RetryAfter", 1)
	}
}
