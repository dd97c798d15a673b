package clock

import (
	"testing"
	"time"
)

// machine is a clock that somebody sets, beside one that nobody can.
type machine struct {
	wall   time.Time
	passed time.Duration
	alarms []bool
}

func (m *machine) steady() *Steady {
	return newSteady(func() time.Time { return m.wall }, func() time.Duration { return m.passed },
		func(_ time.Duration, jumped bool) { m.alarms = append(m.alarms, jumped) })
}

// pass lets time go by; the machine's clock runs that many parts in a million too fast.
func (m *machine) pass(d time.Duration, ppm int64) {
	m.passed += d
	m.wall = m.wall.Add(d + d*time.Duration(ppm)/1_000_000)
}

func TestSteadyFollowsNoJump(t *testing.T) {
	start := time.Date(2026, 3, 4, 1, 0, 0, 0, time.UTC)
	for _, jump := range []time.Duration{time.Hour, -time.Hour, 10 * 365 * 24 * time.Hour, 11 * time.Second} {
		m := &machine{wall: start}
		s := m.steady()
		m.pass(time.Minute, 0)
		m.wall = m.wall.Add(jump)
		m.pass(time.Minute, 0)
		if got := s.Now(); !got.Equal(start.Add(2 * time.Minute)) {
			t.Errorf("%v: %v", jump, got)
		}
		if apart, jumped := s.Apart(); apart != jump || !jumped {
			t.Errorf("%v: apart %v, %v", jump, apart, jumped)
		}
		m.wall = m.wall.Add(-jump) // somebody sets it right again
		s.Now()
		if len(m.alarms) != 2 || !m.alarms[0] || m.alarms[1] {
			t.Errorf("%v: alarms %v", jump, m.alarms)
		}
	}
}

func TestSteadyMakesUpDrift(t *testing.T) {
	start := time.Date(2026, 3, 4, 1, 0, 0, 0, time.UTC)
	for _, ppm := range []int64{200, -200, 5_000, -5_000} {
		m := &machine{wall: start}
		s, last := m.steady(), time.Time{}
		for range 20_000 {
			m.pass(time.Second, ppm)
			now := s.Now()
			if !now.After(last) {
				t.Fatalf("%d ppm: %v after %v", ppm, now, last)
			}
			last = now
		}
		if off := m.wall.Sub(last); off > time.Second || off < -time.Second || len(m.alarms) > 0 {
			t.Errorf("%d ppm: %v apart, alarms %v", ppm, off, m.alarms)
		}
	}
}

func TestSteadyAlarmsAtAClockThatRuns(t *testing.T) {
	m := &machine{wall: time.Date(2026, 3, 4, 1, 0, 0, 0, time.UTC)}
	s := m.steady()
	for range 600 {
		m.pass(time.Second, 100_000) // a tenth too fast
		s.Now()
	}
	if len(m.alarms) != 1 || !m.alarms[0] {
		t.Errorf("alarms %v", m.alarms)
	}
}
