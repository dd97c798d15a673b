package room_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/market/room"
)

var noon = time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)

func TestARoomOpensAtSeventyPercent(t *testing.T) {
	for _, c := range []struct {
		arrivals, rate int64
		want           bool
	}{{70, 100, false}, {71, 100, true}, {19, 20, false}, {20, 20, true}, {5000, 0, false}, {1400, 2000, false},
		{1401, 2000, true}} {
		if got := (room.Rush{Arrivals: c.arrivals, Rate: c.rate}).Outruns(); got != c.want {
			t.Errorf("%d of %d: %v", c.arrivals, c.rate, got)
		}
	}
	hot, stock := room.Rush{Arrivals: 100, Rate: 100}, room.Stock{Free: 10}
	for _, c := range []struct {
		r    room.Room
		s    room.Stock
		want bool
	}{{room.Room{}, stock, true}, {room.Room{State: room.Closed}, stock, true},
		{room.Room{State: room.Closed, Hand: room.HeldShut}, stock, false},
		{room.Room{State: room.Open}, stock, false}, {room.Room{}, room.Stock{}, false}} {
		if got := c.r.MayOpen(hot, c.s); got != c.want {
			t.Errorf("%+v %+v: %v", c.r, c.s, got)
		}
	}
}

func TestARoomClosesWhenNobodyNeedsIt(t *testing.T) {
	open := room.Room{State: room.Open, OpenedAt: noon, Last: 9, Called: 9}
	later, stock := noon.Add(room.OpenLeast), room.Stock{Free: 4}
	calm, busy := room.Rush{Arrivals: 34, Rate: 100}, room.Rush{Arrivals: 35, Rate: 100}
	waiting, held := open, open
	waiting.Called, held.Hand = 8, room.HeldOpen
	for name, c := range map[string]struct {
		r    room.Room
		l    room.Rush
		s    room.Stock
		at   time.Time
		want bool
	}{
		"calm": {open, calm, stock, later, true}, "busy": {open, busy, stock, later, false},
		"too soon": {open, calm, stock, later.Add(-1), false}, "somebody waits": {waiting, calm, stock, later, false},
		"by hand": {held, calm, stock, later, false}, "sold out": {waiting, busy, room.Stock{}, noon, true},
		"sold out, held open": {held, busy, room.Stock{}, noon, true},
		"holds may lapse":     {waiting, busy, room.Stock{Held: 1}, later, false},
	} {
		if got := c.r.MayClose(c.l, c.s, c.at); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestAdmits holds the rule over any numbers: never more than the rate, the units left times 1.3 less those on their
// way, or those who wait.
func TestAdmits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := room.Room{State: room.Open, Last: rapid.Int64Range(0, 5000).Draw(t, "last"), CalledAt: noon}
		r.Called = rapid.Int64Range(0, r.Last).Draw(t, "called")
		s := room.Stock{Free: rapid.Int64Range(0, 2000).Draw(t, "free"), Held: rapid.Int64Range(0, 50).Draw(t, "held"),
			InFlight: rapid.Int64Range(0, 3000).Draw(t, "flight")}
		rate := rapid.Int64Range(0, 4000).Draw(t, "rate")
		passed := time.Duration(rapid.Int64Range(0, 10_000).Draw(t, "ms")) * time.Millisecond
		got := r.Admits(rate, s, noon.Add(passed))
		switch {
		case got < 0, got > r.Last-r.Called:
			t.Fatalf("%d of %d waiting", got, r.Last-r.Called)
		case got > 0 && got+s.InFlight > s.Free*13/10:
			t.Fatalf("%d and %d on their way for %d units", got, s.InFlight, s.Free)
		case got*1000 > max(rate, 20)*min(passed.Milliseconds(), 2000):
			t.Fatalf("%d in %v at %d a second", got, passed, rate)
		case room.Room{State: room.Closed, Last: 9}.Admits(rate, s, noon) != 0:
			t.Fatal("a closed room called somebody")
		}
	})
}

func TestLikelyGone(t *testing.T) {
	for _, c := range []struct {
		before int64
		s      room.Stock
		want   bool
	}{{13, room.Stock{Free: 10}, false}, {14, room.Stock{Free: 10}, true}, {10, room.Stock{Free: 10, InFlight: 4}, true},
		{0, room.Stock{}, false}, {1, room.Stock{}, true}} {
		if got := room.LikelyGone(c.before, c.s); got != c.want {
			t.Errorf("%d before, %+v: %v", c.before, c.s, got)
		}
	}
}

func TestTheRangeOfWaiting(t *testing.T) {
	r := room.Room{State: room.Open, Pace: 3600, CalledAt: noon, Called: 100, Last: 500}
	if from, until, ok := r.Wait(r.Before(401), noon.Add(time.Minute)); !ok || from != 4*time.Minute ||
		until != 8*time.Minute {
		t.Errorf("%v to %v, %v", from, until, ok)
	}
	if from, until, ok := r.Wait(0, noon); !ok || from != 0 || until != time.Minute {
		t.Errorf("the next one: %v to %v, %v", from, until, ok)
	}
	if _, _, ok := r.Wait(10, noon.Add(61*time.Second)); ok {
		t.Error("knows the time though nobody was called for a minute")
	}
	r.Pace = 0
	if _, _, ok := r.Wait(10, noon); ok {
		t.Error("knows the time of what it never measured")
	}
}

func TestPaceFollowsTheLastMinute(t *testing.T) {
	r := room.Room{State: room.Open}
	now := noon
	r.Pace, r.CalledAt = r.NextPace(10, now), now
	for range 600 { // two a half second are 240 a minute
		now = now.Add(500 * time.Millisecond)
		r.Pace, r.CalledAt = r.NextPace(2, now), now
	}
	if r.PerMinute() < 230 || r.PerMinute() > 241 {
		t.Errorf("%d a minute", r.PerMinute())
	}
	if got := r.NextPace(30, now.Add(3*time.Minute)); got != 600 {
		t.Errorf("after a stand: %d", got)
	}
}

func TestStandings(t *testing.T) {
	p := room.Place{AccountID: "acc_1", Number: 4}
	called := p
	called.CalledAt = noon
	left := called
	left.LeftAt = noon
	for _, c := range []struct {
		p    room.Place
		at   time.Time
		want room.Standing
	}{{room.Place{}, noon, room.Outside}, {room.Place{AccountID: "acc_1"}, noon, room.Present}, {p, noon, room.Queued},
		{called, noon.Add(room.TurnTime - 1), room.Turn}, {called, noon.Add(room.TurnTime), room.Passed},
		{left, noon, room.Outside}} {
		if got := c.p.Standing(c.at); got != c.want {
			t.Errorf("%+v: %s, want %s", c.p, got, c.want)
		}
	}
}

func TestWhoEntersHow(t *testing.T) {
	early, late := noon.Add(-room.GatherTime), noon.Add(-room.GatherTime-1)
	for name, c := range map[string]struct {
		r    room.Room
		at   time.Time
		want int64
		err  error
	}{
		"the doors open":     {room.Room{}, early, 0, nil},
		"too early":          {room.Room{}, late, 0, room.ErrTooEarly},
		"no room is needed":  {room.Room{}, noon, 0, room.ErrNotOpen},
		"closed":             {room.Room{State: room.Closed}, early, 0, room.ErrNotOpen},
		"before the start":   {room.Room{State: room.Gathering}, noon.Add(-1), 0, nil},
		"the start has come": {room.Room{State: room.Gathering}, noon, 0, room.ErrDrawing},
		"drawing":            {room.Room{State: room.Drawing}, early, 0, room.ErrDrawing},
		"first come":         {room.Room{State: room.Open, Last: 41}, noon, 42, nil},
	} {
		if got, err := c.r.Entry(noon, c.at); got != c.want || !errors.Is(err, c.err) {
			t.Errorf("%s: %d, %v", name, got, err)
		}
	}
}

func TestAFewNeedNoLine(t *testing.T) {
	if room.Crowd(40, 0, room.Stock{Free: 100}) || !room.Crowd(41, 0, room.Stock{Free: 100}) {
		t.Error("two seconds of the least rate")
	}
	if room.Crowd(10, 500, room.Stock{Free: 10}) || !room.Crowd(11, 500, room.Stock{Free: 10}) {
		t.Error("more than there are units")
	}
}

func TestReasons(t *testing.T) {
	if err := room.CheckReason("방송에 나와요"); err != nil {
		t.Error(err)
	}
	if err := room.CheckReason("  .  "); !errors.Is(err, room.ErrReason) {
		t.Error(err)
	}
}
