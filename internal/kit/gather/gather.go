package gather

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync"
)

// keysMax is how many callers one read serves.
const keysMax = 256

// Load reads many keys at once; a key that is missing in the answer has no value.
type Load[K comparable, V any] func(ctx context.Context, keys []K) (map[K]V, error)

// Group gathers the reads of one kind.
type Group[K comparable, V any] struct {
	load    Load[K, V]
	mu      sync.Mutex
	reading bool
	waiting []*call[K, V]
}

type call[K comparable, V any] struct {
	key   K
	value V
	found bool
	err   error
	done  chan struct{}
}

// New makes a group over a read of many keys.
func New[K comparable, V any](load Load[K, V]) *Group[K, V] { return &Group[K, V]{load: load} }

// Get reads one key together with whoever asks at the same time. When ctx ends first its answer is not waited for.
func (g *Group[K, V]) Get(ctx context.Context, key K) (value V, found bool, err error) {
	c := &call[K, V]{key: key, done: make(chan struct{})}
	g.mu.Lock()
	g.waiting = append(g.waiting, c)
	leads := !g.reading
	g.reading = true
	g.mu.Unlock()
	if leads {
		g.read()
	}
	select {
	case <-c.done:
		return c.value, c.found, c.err
	case <-ctx.Done():
		return value, false, ctx.Err()
	}
}

// read answers those who wait now, and leaves those who came meanwhile to a goroutine of their own.
func (g *Group[K, V]) read() {
	// On a busy machine others are about to ask, and only wait for a processor: let them come first. On an idle one this
	// is nothing.
	runtime.Gosched()
	g.mu.Lock()
	batch := g.waiting
	if len(batch) > keysMax {
		batch = batch[:keysMax]
	}
	g.waiting = g.waiting[len(batch):]
	g.mu.Unlock()
	g.answer(batch)
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.waiting) == 0 {
		g.reading, g.waiting = false, nil
		return
	}
	go g.read()
}

// answer reads a batch. The read belongs to many callers: no single one's context may cut it short.
func (g *Group[K, V]) answer(batch []*call[K, V]) {
	keys := make([]K, 0, len(batch))
	seen := make(map[K]bool, len(batch))
	for _, c := range batch {
		if !seen[c.key] {
			seen[c.key] = true
			keys = append(keys, c.key)
		}
	}
	values, err := g.guarded(keys)
	for _, c := range batch {
		c.value, c.found = values[c.key]
		c.err = err
		close(c.done)
	}
}

// guarded turns a panic of the read into an error: else those who wait would wait for ever.
func (g *Group[K, V]) guarded(keys []K) (values map[K]V, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("gather: panic: %v\n%s", cause, debug.Stack())
		}
	}()
	return g.load(context.Background(), keys)
}
