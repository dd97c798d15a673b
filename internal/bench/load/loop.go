package load

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// Phase is the time in which calls count: after the warm-up, for a while.
type Phase struct {
	Warm, For time.Duration
}

// Caller is one of many that ask at once, with its own connection and its own notes.
type Caller struct {
	Number int
	Conn   *Conn
	start  time.Time
	from   time.Time
	until  time.Time
	times  map[string]*Times
	counts map[string]int
	errs   map[string]int
}

// Counting tells whether an instant lies in the measured time.
func (c *Caller) Counting(at time.Time) bool { return !at.Before(c.from) && at.Before(c.until) }

// Time notes how long a step took, when it ended in the measured time.
func (c *Caller) Time(step string, began time.Time) {
	now := time.Now()
	if !c.Counting(now) {
		return
	}
	t, ok := c.times[step]
	if !ok {
		t = &Times{}
		c.times[step] = t
	}
	t.Add(now.Sub(began))
}

// Count adds to a number, when now lies in the measured time.
func (c *Caller) Count(what string) {
	if c.Counting(time.Now()) {
		c.counts[what]++
	}
}

// Fail notes an unwanted answer; it counts at all times.
func (c *Caller) Fail(what string) { c.errs[what]++ }

// Result is what all callers noted together.
type Result struct {
	Seconds float64 // measured
	Times   map[string]Times
	Counts  map[string]int
	Errors  map[string]int
}

// Rate is a count a second.
func (r Result) Rate(what string) float64 { return float64(r.Counts[what]) / r.Seconds }

// Spreads sums up every step.
func (r Result) Spreads() map[string]Spread {
	out := map[string]Spread{}
	for step, times := range r.Times {
		out[step] = times.Spread()
	}
	return out
}

// Crowd says who asks whom, and for how long.
type Crowd struct {
	Address string
	More    []string // other servers, asked by other callers in turn
	Callers int
	Phase
}

// Closed lets every caller ask again as soon as it has its answer, until the time is over or work says that there is
// nothing left to do.
func (o Crowd) Closed(ctx context.Context, work func(ctx context.Context, c *Caller) bool) Result {
	start := time.Now()
	callers := make([]*Caller, o.Callers)
	var all sync.WaitGroup
	var last atomic.Int64 // when the last caller ran out of work
	for i := range callers {
		c := o.caller(i, start)
		callers[i] = c
		all.Go(func() {
			defer c.Conn.Close()
			for ctx.Err() == nil && time.Now().Before(c.until) {
				if !work(ctx, c) {
					break
				}
			}
			last.Store(max(last.Load(), time.Since(start).Nanoseconds()))
		})
	}
	all.Wait()
	measured := min(time.Duration(last.Load())-o.Warm, o.For)
	return collect(callers, max(measured, time.Millisecond))
}

// Open starts calls at a steady rate whatever became of those before, as people do who do not know of each other. A
// call's time runs from the instant at which it was due: waiting for a free caller is part of it.
func (o Crowd) Open(ctx context.Context, rate int, work func(ctx context.Context, c *Caller, due time.Time)) Result {
	start := time.Now()
	callers := make([]*Caller, o.Callers)
	var next atomic.Int64
	var all sync.WaitGroup
	for i := range callers {
		c := o.caller(i, start)
		callers[i] = c
		all.Go(func() {
			defer c.Conn.Close()
			timer := time.NewTimer(0)
			defer timer.Stop()
			for ctx.Err() == nil {
				due := start.Add(time.Duration(next.Add(1)-1) * time.Second / time.Duration(rate))
				if !due.Before(c.until) {
					return
				}
				timer.Reset(time.Until(due))
				select {
				case <-ctx.Done():
					return
				case <-timer.C:
				}
				work(ctx, c, due)
			}
		})
	}
	all.Wait()
	return collect(callers, o.For)
}

func (o Crowd) caller(n int, start time.Time) *Caller {
	from := start.Add(o.Warm)
	address := o.Address
	if i := n % (len(o.More) + 1); i > 0 {
		address = o.More[i-1]
	}
	return &Caller{Number: n, Conn: NewConn(address), start: start, from: from, until: from.Add(o.For),
		times: map[string]*Times{}, counts: map[string]int{}, errs: map[string]int{}}
}

func collect(callers []*Caller, measured time.Duration) Result {
	r := Result{Seconds: measured.Seconds(), Times: map[string]Times{}, Counts: map[string]int{},
		Errors: map[string]int{}}
	for _, c := range callers {
		for step, t := range c.times {
			r.Times[step] = append(r.Times[step], *t...)
		}
		add(r.Counts, c.counts)
		add(r.Errors, c.errs)
	}
	return r
}

func add(to, from map[string]int) {
	for k, n := range from {
		to[k] += n
	}
}
