package queue

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
)

// Errors of finishing and retrying.
var (
	// ErrLost tells a handler that its lease ran out and the job belongs to another claim: roll back.
	ErrLost = fail.New(fail.Conflict, "queue.lost")
	// ErrNotStuck answers a retry of a job that is not stuck.
	ErrNotStuck = fail.New(fail.NotFound, "queue.not_stuck")
)

// Job is a claimed piece of work.
type Job struct {
	ID      string
	Kind    string
	Key     string
	Payload string // JSON, as it was enqueued
	Attempt int    // 1 on the first run
	Created time.Time

	claim    string       // the lease's fencing mark: unique for each claim
	until    time.Time    // the lease's end
	finished *atomic.Bool // set once Done has committed
}

// Handler does the work of one kind. It runs outside transactions and may run again after a crash.
type Handler func(ctx context.Context, job Job) error

// Backoff is the pause before the next try: it doubles from First up to Max and varies by a quarter either way.
type Backoff struct {
	First time.Duration // 0 means a second
	Max   time.Duration // 0 means an hour
}

// Policy says how often and how patiently a kind is tried.
type Policy struct {
	AttemptsMax int // 0 means 12; claims that ended in a crash count too
	Backoff     Backoff
	// AtOnce bounds how many jobs of the kind run at the same time on a node; 0 means three quarters of the workers,
	// so that one slow kind never occupies all of them.
	AtOnce int
}

// Options tune a queue.
type Options struct {
	Node    string        // names this node in leases
	Lease   time.Duration // how long a claim holds; 0 means a minute
	Batch   int           // jobs claimed at once by RunOnce; 0 means 16
	Workers int           // handlers at the same time in Run; 0 means 8
	Poll    time.Duration // longest wait without a hint, for jobs of other nodes; 0 means two seconds
	Log     *slog.Logger
}

type registration struct {
	policy Policy
	handle Handler
}

// Queue claims and runs jobs on one node. Register all kinds before running it.
type Queue struct {
	d     *db.DB
	opts  Options
	kinds map[string]registration
	names []string // in order of registration: the claim's text depends on their number
	wake  chan struct{}

	mu      sync.Mutex
	running map[string]int
}

// New makes a queue over the database's jobs.
func New(d *db.DB, opts Options) *Queue {
	if opts.Lease <= 0 {
		opts.Lease = time.Minute
	}
	if opts.Batch <= 0 {
		opts.Batch = 16
	}
	if opts.Workers <= 0 {
		opts.Workers = 8
	}
	if opts.Poll <= 0 {
		opts.Poll = 2 * time.Second
	}
	if opts.Log == nil {
		opts.Log = d.Log()
	}
	q := &Queue{
		d: d, opts: opts, kinds: map[string]registration{}, wake: make(chan struct{}, 1), running: map[string]int{},
	}
	d.OnCommit(func(c db.Committed) {
		if c.Jobs > 0 {
			q.hint()
		}
	})
	return q
}

// Handle registers what does the work of a kind; a second registration replaces the first.
func (q *Queue) Handle(kind string, policy Policy, handle Handler) {
	if policy.AttemptsMax <= 0 {
		policy.AttemptsMax = 12
	}
	if policy.Backoff.First <= 0 {
		policy.Backoff.First = time.Second
	}
	if policy.Backoff.Max <= 0 {
		policy.Backoff.Max = time.Hour
	}
	if policy.AtOnce <= 0 {
		policy.AtOnce = max(1, q.opts.Workers*3/4)
	}
	if _, again := q.kinds[kind]; !again {
		q.names = append(q.names, kind)
	}
	q.kinds[kind] = registration{policy: policy, handle: handle}
}

// Kinds are the registered kinds, in order of registration.
func (q *Queue) Kinds() []string { return append([]string(nil), q.names...) }

// hint wakes the loop; a hint that is already waiting is enough.
func (q *Queue) hint() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// pause is the wait before the try after the given one, which was number attempt.
func (q *Queue) pause(b Backoff, attempt int) time.Duration {
	wait := b.First
	for i := 1; i < attempt && wait < b.Max; i++ {
		wait *= 2
	}
	wait = min(wait, b.Max)
	random := q.d.IDs().Bytes(2)
	part := time.Duration(random[0])<<8 | time.Duration(random[1])
	return wait*3/4 + wait/2*part/(1<<16)
}
