package deal_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/market/deal"
)

// paceAt is a sale of two weeks from a Monday, so many hours after its beginning.
func paceAt(hours int64, people, lately int64) deal.Pace {
	start := deal.WindowStart("2026-11-16")
	return deal.Pace{Done: people, People: people, Lately: lately, Room: 1_000 - people, Starts: start,
		Ends: start.Add(14 * 24 * time.Hour), Now: start.Add(time.Duration(hours) * time.Hour)}
}

func TestAGuessIsARangeAroundBothPaces(t *testing.T) {
	cases := []struct {
		name      string
		pace      deal.Pace
		low, high int64
		said      bool
	}{
		// Half the time is gone. By the whole, 100±11 more come; by the last day, seven times 14±4; and one for the rounding.
		{"steady", paceAt(168, 100, 14), 170, 227, true},
		{"slowing down", paceAt(168, 100, 7), 128, 212, true},
		{"catching fire", paceAt(168, 100, 30), 189, 353, true},
		{"nobody lately", paceAt(168, 100, 0), 0, 0, false},
		{"near the end", paceAt(335, 100, 7), 100, 101, true},
		{"first day", paceAt(23, 100, 100), 0, 0, false},
		{"first eighth", paceAt(41, 100, 50), 0, 0, false},
		{"too few", paceAt(168, 7, 2), 0, 0, false},
		{"over", paceAt(14*24, 100, 7), 0, 0, false},
		{"not begun", paceAt(-1, 0, 0), 0, 0, false},
	}
	for _, c := range cases {
		g, said := c.pace.Guess()
		if said != c.said || g != (deal.Guess{Low: c.low, High: c.high}) {
			t.Errorf("%s: %+v %v, want %d to %d, %v", c.name, g, said, c.low, c.high, c.said)
		}
	}
	sold := paceAt(168, 100, 14)
	sold.Room = 0
	if g, said := sold.Guess(); said {
		t.Errorf("nothing is left, and yet %+v", g)
	}
}

func anyPace(t *rapid.T) deal.Pace {
	start := deal.WindowStart("2026-11-16")
	whole := time.Duration(rapid.Int64Range(1, 60*24).Draw(t, "whole hours")) * time.Hour
	people := rapid.Int64Range(0, 2_000_000).Draw(t, "people")
	return deal.Pace{People: people, Done: people * rapid.Int64Range(1, 100_000_000).Draw(t, "each"),
		Lately: rapid.Int64Range(0, people).Draw(t, "lately"), Room: rapid.Int64Range(0, 1<<52).Draw(t, "room"),
		Starts: start, Ends: start.Add(whole),
		Now: start.Add(time.Duration(rapid.Int64Range(-3600, 70*24*3600).Draw(t, "gone")) * time.Second)}
}

func TestAGuessStaysWithinWhatCanBe(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPace(t)
		g, said := p.Guess()
		if !said {
			return
		}
		if g.Low < p.Done || g.Low > g.High || g.High > p.Done+p.Room || g.High > 2*g.Low {
			t.Fatalf("%+v of %+v", g, p)
		}
		if !p.Now.Before(p.Ends) || p.Now.Sub(p.Starts) < deal.PaceLately || p.People < 8 {
			t.Fatalf("too early or too late, and yet %+v of %+v", g, p)
		}
	})
}

func TestMoreWhoCameNeverLowerAGuess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPace(t)
		more := p
		more.Lately = rapid.Int64Range(p.Lately, p.People).Draw(t, "more lately")
		a, saidA := p.Guess()
		b, saidB := more.Guess()
		if saidA && saidB && (b.Low < a.Low || b.High < a.High) {
			t.Fatalf("%+v, but with more lately %+v", a, b)
		}
	})
}

func TestASteadySaleEndsWithinItsGuess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		daily := rapid.Int64Range(1, 5_000).Draw(t, "a day")
		days := rapid.Int64Range(2, 60).Draw(t, "days")
		day := rapid.Int64Range(1, days-1).Draw(t, "today")
		start := deal.WindowStart("2026-11-16")
		p := deal.Pace{Done: daily * day, People: daily * day, Lately: daily, Room: 1 << 40, Starts: start,
			Ends: start.Add(time.Duration(days) * 24 * time.Hour), Now: start.Add(time.Duration(day) * 24 * time.Hour)}
		if g, said := p.Guess(); said && (g.Low > daily*days || g.High < daily*days) {
			t.Fatalf("%d people a day for %d days: %+v on day %d", daily, days, g, day)
		}
	})
}
