package clock

import (
	"sync"
	"time"
)

// Clock gives the present instant in UTC, cut to microseconds: what the database can keep.
type Clock interface {
	Now() time.Time
}

type system struct{}

// System is the machine's clock.
func System() Clock { return system{} }

func (system) Now() time.Time { return time.Now().UTC().Truncate(time.Microsecond) }

// Offset runs beside another clock at a fixed distance: a demo that begins on another day still moves.
type Offset struct {
	Base     Clock
	Distance time.Duration
}

// Now is the base's instant plus the distance.
func (o Offset) Now() time.Time { return o.Base.Now().Add(o.Distance) }

// Fake stands still until told to move. It is safe for concurrent use.
type Fake struct {
	mu  sync.Mutex
	now time.Time
}

// NewFake starts a fake clock at t.
func NewFake(t time.Time) *Fake { return &Fake{now: t.UTC().Truncate(time.Microsecond)} }

// Now is the instant last set.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// Set moves the clock to t, also backwards.
func (f *Fake) Set(t time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = t.UTC().Truncate(time.Microsecond)
}

// Advance moves the clock by d and gives the new instant.
func (f *Fake) Advance(d time.Duration) time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
	return f.now
}

// Switch is a clock whose source can be replaced while it runs: a demo lives through its past on a fake
// clock and then goes on with the machine's.
type Switch struct {
	mu  sync.RWMutex
	now Clock
}

// NewSwitch starts with the given clock.
func NewSwitch(c Clock) *Switch { return &Switch{now: c} }

// Now asks the clock in use.
func (s *Switch) Now() time.Time {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.now.Now()
}

// Use replaces the clock in use.
func (s *Switch) Use(c Clock) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = c
}
