package town

import (
	"fmt"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/town/lore"
	"github.com/dure-commerce/dure/internal/town/want"
)

// moment is what a stop of the clock is for.
type moment int

// The moments of a day in the past.
const (
	night   moment = iota // statements are issued, sales open and close
	desk                  // drafts, reviews, answers, objections
	morning               // payouts; people buy
	lunch                 // people come and buy
	evening               // people come and buy, most of all
	late                  // people buy; what follows is done at night
	present               // the end of the past
)

// span is when a moment lies: minutes after midnight, and how much later it may be.
type span struct{ from, more int }

func moments() []span {
	return []span{{12, 0}, {8*60 + 20, 15}, {10*60 + 10, 5}, {11*60 + 40, 100}, {17*60 + 40, 130}, {20*60 + 50, 150}}
}

// stop is an instant at which the clock stands still and people act.
type stop struct {
	at     time.Time
	kind   moment
	index  int
	tasks  []func() error
	buys   []buy
	visits []visit
}

// agenda is everything that will have happened.
type agenda struct{ stops []*stop }

// plan makes the stops from an instant until the present.
func (a *agenda) plan(from, now time.Time, d *lore.Dice) {
	add := func(at time.Time, kind moment) {
		a.stops = append(a.stops, &stop{at: at, kind: kind, index: len(a.stops)})
	}
	for day := from; day.Before(now); day = day.AddDate(0, 0, 1) {
		for i, m := range moments() {
			minute := m.from + d.Under(m.more)
			if at := day.Add(time.Duration(minute) * time.Minute); at.Before(now.Add(-time.Minute)) {
				add(at, moment(i))
			}
		}
	}
	add(now, present)
}

// after gives the first stop of a kind not before an instant; the present when there is none.
func (a *agenda) after(at time.Time, kind moment) *stop {
	for _, s := range a.stops {
		if s.kind == kind && !s.at.Before(at) {
			return s
		}
	}
	return a.last()
}

// last is the present.
func (a *agenda) last() *stop { return a.stops[len(a.stops)-1] }

// buying gives the stops between two instants at which people buy.
func (a *agenda) buying(from, to time.Time) []*stop {
	var out []*stop
	for _, s := range a.stops {
		if s.kind >= morning && !s.at.Before(from) && s.at.Before(to) {
			out = append(out, s)
		}
	}
	return out
}

// live walks through the past.
func (w *world) live() error {
	for _, step := range []func() error{w.found, w.admit, w.openShops} {
		if err := step(); err != nil {
			return err
		}
	}
	first := w.fake.Now().AddDate(0, 0, 1)
	w.agenda.plan(w.dayOf(first), w.now, &w.dice)
	w.planDeals()
	w.planTrouble()
	w.planNeighbors()
	w.planWishes()
	// Doctor reads all books before a day's payouts: on every day of the past that takes longer than the past itself. The
	// server of the present asks for it again.
	check := w.server.Settle.Checks
	w.server.Settle.Checks = nil
	for i, s := range w.agenda.stops {
		if err := w.passStop(s); err != nil {
			return fmt.Errorf("%s: %w", s.at.Format(time.DateTime), err)
		}
		w.options.Progress(100 * (i + 1) / len(w.agenda.stops))
	}
	w.server.Settle.Checks = check
	return nil
}

// passStop lets one moment happen.
func (w *world) passStop(s *stop) error {
	busy := len(s.tasks)+len(s.buys)+len(s.visits) > 0
	if !busy && s.kind != night && s.kind != morning && s.kind != present {
		return nil
	}
	w.fake.Set(s.at)
	if s.kind == night || s.kind == present {
		if err := w.hasten(); err != nil {
			return err
		}
	}
	for i := 0; i < len(s.tasks); i++ { // a task may add another at the same stop
		if err := s.tasks[i](); err != nil {
			return err
		}
	}
	if err := w.visit(s); err != nil {
		return err
	}
	if err := w.buy(s); err != nil {
		return err
	}
	if s.kind == morning {
		return w.hasten()
	}
	if s.kind == present {
		return w.settle()
	}
	return nil
}

// planWishes puts what people want together into the agenda, each step at the first stop by day that comes after it.
func (w *world) planWishes() {
	scene := want.Scene{Server: w.server, People: w.cast.people, At: func(ago time.Duration, do func() error) {
		w.at(w.agenda.stops[slices.IndexFunc(w.agenda.stops, func(s *stop) bool {
			return s.kind != night && !s.at.Before(w.now.Add(-ago))
		})], do)
	}}
	scene.Guests = w.cast.guests
	for _, s := range w.cast.shops {
		if s.State == "" && len(s.branches) > 0 {
			scene.Shops = append(scene.Shops, want.Shop{ID: s.id, Branch: s.branches[0], Owner: s.owner})
		}
	}
	scene.Play(w.ctx)
}
