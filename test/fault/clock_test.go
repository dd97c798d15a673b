package fault_test

import (
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
)

// wall is a machine's clock that somebody sets: the true one with something added.
type wall struct {
	mu   sync.Mutex
	plus time.Duration
}

func (w *wall) set(plus time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.plus = plus
}

func (w *wall) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return clock.System().Now().Add(w.plus)
}

// TestClockIsSet is F08: while people hold units, somebody sets the machine's clock an hour on, an hour back and ten
// years on. No hold lapses, purchases go on and are paid within their time, ids stay unique, and the alarm rings.
func TestClockIsSet(t *testing.T) {
	machine, alarms := &wall{}, &lines{}
	s := serve(t, found(t, plain(400)), func(o *app.ServerOptions) {
		o.Log = slog.New(slog.NewTextHandler(alarms, nil))
		o.Clock = app.SteadyClock(o.Log, machine.now)
	})
	s.load.Buy(t.Context(), 8, 50)
	must(t, s.load.Hold(t.Context(), 20))
	for _, jump := range []time.Duration{time.Hour, -time.Hour, 10 * 365 * 24 * time.Hour} {
		machine.set(jump)
		s.load.Buy(t.Context(), 8, 50)
		must(t, s.RunAll(t.Context()))
		if !alarms.hold("the machine's clock jumped") {
			t.Errorf("%v: no alarm", jump)
		}
		machine.set(0)
		s.DB.Clock().Now()
		alarms.clear()
	}
	gone, err := db.One(t.Context(), s.DB, db.Scalar[int64],
		`SELECT count(*) FROM orders WHERE state NOT IN ('held', 'paid')`)
	must(t, err)
	if gone != 0 {
		t.Errorf("%d orders ended because a clock was set", gone)
	}
	if status := s.get(t, "/api/v1/deals"); status != http.StatusOK {
		t.Errorf("deals: %d", status)
	}
	recovered(t, s.load)
	sound(t, s.DB, s.load.Journal.All())
}

// TestClockIsSetBites shows that the guard is what keeps the holds: on a clock that follows, they lapse.
func TestClockIsSetBites(t *testing.T) {
	machine := &wall{}
	s := serve(t, found(t, plain(50)), func(o *app.ServerOptions) { o.Clock = following{machine} })
	must(t, s.load.Hold(t.Context(), 20))
	machine.set(time.Hour)
	must(t, s.RunAll(t.Context()))
	lapsed, err := db.One(t.Context(), s.DB, db.Scalar[int64], `SELECT count(*) FROM orders WHERE state = 'lapsed'`)
	must(t, err)
	if lapsed == 0 {
		t.Error("no hold lapsed on a clock that follows every jump: the test of the guard shows nothing")
	}
}

// following follows every jump.
type following struct{ machine *wall }

func (f following) Now() time.Time { return f.machine.now() }

// lines is a log that a test looks into.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) hold(what string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.text.String(), what)
}

func (l *lines) clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Reset()
}
