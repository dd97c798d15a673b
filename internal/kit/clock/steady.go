package clock

import (
	"sync"
	"time"
)

// Bounds of Steady.
const (
	// JumpMax is how far the machine's clock may stand from the time that has passed before it is no longer followed.
	JumpMax = 10 * time.Second
	// slew is the part of the time passed by which a small difference is made up: a second in a hundred.
	slew = 100
)

// Steady is the machine's clock without its jumps. It starts with the machine's time and goes on with the time that has
// truly passed; small differences, as time servers correct them, are made up slowly and never backwards. A large one is
// not followed: nothing expires because somebody set a clock. Restarting the program takes the machine's time as right.
type Steady struct {
	wall func() time.Time
	// passed is the time since the start by a clock that nobody sets.
	passed func() time.Duration

	mu     sync.Mutex
	start  time.Time
	last   time.Duration
	offset time.Duration // what was made up so far
	apart  time.Duration // how far the machine's clock is from ours
	jumped bool
	alarm  func(apart time.Duration, jumped bool)
}

// NewSteady starts with the machine's time. Alarm, when given, hears of each jump and of its end, in a goroutine that
// only asked what time it is.
func NewSteady(alarm func(apart time.Duration, jumped bool)) *Steady {
	return SteadyOver(func() time.Time { return time.Now().Round(0) }, alarm)
}

// SteadyOver is NewSteady over another machine's clock, for tests that set it.
func SteadyOver(wall func() time.Time, alarm func(apart time.Duration, jumped bool)) *Steady {
	began := time.Now()
	return newSteady(wall, func() time.Duration { return time.Since(began) }, alarm)
}

func newSteady(wall func() time.Time, passed func() time.Duration, alarm func(time.Duration, bool)) *Steady {
	return &Steady{wall: wall, passed: passed, start: wall(), last: passed(), alarm: alarm}
}

// Now is the steady instant, in UTC and cut to microseconds; it never goes back.
func (s *Steady) Now() time.Time {
	s.mu.Lock()
	passed, wall := s.passed(), s.wall()
	ours := s.start.Add(passed + s.offset)
	s.apart = wall.Sub(ours)
	jumped := s.apart > JumpMax || s.apart < -JumpMax
	if !jumped {
		most := (passed - s.last) / slew
		step := min(max(s.apart, -most), most)
		s.offset += step
		s.apart -= step
		ours = ours.Add(step)
	}
	s.last = passed
	changed, apart := jumped != s.jumped, s.apart
	s.jumped = jumped
	s.mu.Unlock()
	if changed && s.alarm != nil {
		s.alarm(apart, jumped)
	}
	return ours.UTC().Truncate(time.Microsecond)
}

// Apart is how far the machine's clock was from this one when it was last asked, and whether that is a jump.
func (s *Steady) Apart() (d time.Duration, jumped bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.apart, s.jumped
}
