package live

import (
	"cmp"
	"container/list"
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/id"
)

// Errors of watching.
var (
	ErrFull   = fail.New(fail.Unavailable, "live.full")
	ErrEnded  = fail.New(fail.Unavailable, "live.closed")
	ErrTopics = fail.New(fail.Invalid, "live.topics") // none, too many, or too long ones
)

const (
	coolDown      = 250 * time.Millisecond // between two deliveries of a topic
	topicsKnown   = 8192                   // topics whose version is remembered
	pendingMax    = 65_536                 // topics that wait to be told; more are dropped
	topicsPerPage = 32
	topicBytesMax = 100
)

// Options tune a hub; zero values give defaults.
type Options struct {
	IDs        id.Source // for the hub's name and for jitter
	Bus        Bus       // nil: this process only
	Log        *slog.Logger
	ReadersMax int           // default 50,000
	Heartbeat  time.Duration // default 20 seconds
}

// Hub tells changes to readers.
type Hub struct {
	opts   Options
	name   string // of this hub's run: event ids of another mean nothing here
	wake   chan struct{}
	cancel func() // of the bus

	pendingMu sync.Mutex
	pending   map[string]int64

	mu        sync.Mutex
	ended     bool
	last      int64 // number of the newest delivery
	forgotten int64 // number of the newest delivery of a topic no longer remembered
	topics    map[string]*list.Element
	recent    *list.List // of *topic, the newest change in front
	watchers  map[string]map[*reader]struct{}
	readers   map[*reader]struct{}
	delayed   bool // changes of other nodes come late
	repeating bool // a round of telling everything again is under way
	repeat    bool // another round follows it

	delivered, cutOff, lost atomic.Int64
}

type topic struct {
	name    string
	version int64
	number  int64 // of its newest delivery, 0 before the first
	cooling bool
	dirty   bool
}

// reader is one watching page.
type reader struct {
	topics []string
	frames chan *frame
	gone   chan struct{} // closed when the reader is cut off
}

type frame struct{ text []byte }

// New makes a hub. Attach it to a database and Run it.
func New(opts Options) (*Hub, error) {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.ReadersMax <= 0 {
		opts.ReadersMax = 50_000
	}
	if opts.Heartbeat <= 0 {
		opts.Heartbeat = 20 * time.Second
	}
	h := &Hub{
		opts: opts, name: opts.IDs.New("hub"), wake: make(chan struct{}, 1), cancel: func() {},
		pending: map[string]int64{}, topics: map[string]*list.Element{}, recent: list.New(),
		watchers: map[string]map[*reader]struct{}{}, readers: map[*reader]struct{}{},
	}
	if opts.Bus != nil {
		cancel, err := opts.Bus.Subscribe(h.receive)
		if err != nil {
			return nil, err
		}
		h.cancel = cancel
	}
	return h, nil
}

// Attach makes the hub hear the touches of a database's commits.
func (h *Hub) Attach(d *db.DB) {
	d.OnCommit(func(c db.Committed) { h.Touch(c.Touched) })
}

// Touch notes that topics changed; it only merges them, for it runs in the committing goroutine.
func (h *Hub) Touch(touched map[string]int64) {
	if len(touched) == 0 {
		return
	}
	h.pendingMu.Lock()
	for name, version := range touched {
		if _, waits := h.pending[name]; !waits && len(h.pending) >= pendingMax {
			h.lost.Add(1)
			continue
		}
		h.pending[name] = max(version, h.pending[name])
	}
	h.pendingMu.Unlock()
	select {
	case h.wake <- struct{}{}:
	default:
	}
}

// Run tells changes until the context ends, then ends all readers.
func (h *Hub) Run(ctx context.Context) error {
	defer h.Close()
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-h.wake:
			h.RunOnce(ctx)
		}
	}
}

// RunOnce tells what has been touched so far, here and over the bus; worked tells that there was anything.
func (h *Hub) RunOnce(ctx context.Context) (worked bool) {
	h.pendingMu.Lock()
	touched := h.pending
	h.pending = map[string]int64{}
	h.pendingMu.Unlock()
	if len(touched) == 0 {
		return false
	}
	changes := make([]Change, 0, len(touched))
	for name, version := range touched {
		changes = append(changes, Change{Topic: name, Version: version})
	}
	slices.SortFunc(changes, func(a, b Change) int { return cmp.Compare(a.Topic, b.Topic) })
	h.receive(changes)
	if h.opts.Bus != nil {
		if err := h.opts.Bus.Publish(ctx, changes); err != nil {
			h.opts.Log.Warn("live changes not sent to other nodes", "changes", len(changes), "error", err)
		}
	}
	return true
}

// receive takes changes of this node or of another; none of them mean that some were lost.
func (h *Hub) receive(changes []Change) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ended {
		return
	}
	if len(changes) == 0 {
		h.again()
		return
	}
	for _, c := range changes {
		t := h.remember(c.Topic)
		// Transactions commit in another order than they began, and clocks of nodes differ: a change always counts, also
		// under a version that is not the highest.
		t.version = max(c.Version, t.version+1)
		if t.cooling {
			t.dirty = true
			continue
		}
		h.deliver(t)
	}
}

// remember finds or begins a topic and moves it to the front; the topic longest without a change is forgotten.
func (h *Hub) remember(name string) *topic {
	if e, ok := h.topics[name]; ok {
		h.recent.MoveToFront(e)
		return e.Value.(*topic)
	}
	t := &topic{name: name}
	h.topics[name] = h.recent.PushFront(t)
	for e := h.recent.Back(); e != nil && h.recent.Len() > topicsKnown; {
		before, old := e.Prev(), e.Value.(*topic)
		if !old.cooling {
			h.forgotten = max(h.forgotten, old.number)
			h.recent.Remove(e)
			delete(h.topics, old.name)
		}
		e = before
	}
	return t
}

// deliver tells a topic's readers and lets the topic cool down.
func (h *Hub) deliver(t *topic) {
	h.last++
	t.number, t.dirty, t.cooling = h.last, false, true
	if watching := h.watchers[t.name]; len(watching) > 0 {
		f := h.frame(t.name, t.version, t.number)
		for r := range watching {
			h.send(r, f)
		}
	}
	time.AfterFunc(coolDown, func() { h.cooled(t) })
}

func (h *Hub) cooled(t *topic) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if t.dirty && !h.ended {
		h.deliver(t)
		return
	}
	t.cooling = false
}

// send never waits: a reader whose buffer is full is cut off and will come back for what it missed.
func (h *Hub) send(r *reader, f *frame) {
	select {
	case r.frames <- f:
		h.delivered.Add(1)
	default:
		h.cutOff.Add(1)
		h.remove(r)
	}
}

func (h *Hub) remove(r *reader) {
	if _, here := h.readers[r]; !here {
		return
	}
	delete(h.readers, r)
	for _, name := range r.topics {
		delete(h.watchers[name], r)
		if len(h.watchers[name]) == 0 {
			delete(h.watchers, name)
		}
	}
	close(r.gone)
}

// Close cuts all readers off and refuses new ones.
func (h *Hub) Close() {
	h.cancel()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended = true
	for r := range h.readers {
		h.remove(r)
	}
}

// Stats tell how the hub does.
type Stats struct {
	Readers   int
	Topics    int   // watched now
	Delivered int64 // changes handed to readers
	CutOff    int64 // readers that could not follow
	Lost      int64 // changes dropped because too many waited
}

// Stats gives the counts so far.
func (h *Hub) Stats() Stats {
	h.mu.Lock()
	defer h.mu.Unlock()
	return Stats{Readers: len(h.readers), Topics: len(h.watchers), Delivered: h.delivered.Load(), CutOff: h.cutOff.Load(),
		Lost: h.lost.Load()}
}
