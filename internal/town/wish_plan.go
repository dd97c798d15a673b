package town

import (
	"time"

	"github.com/dure-commerce/dure/internal/town/want"
)

// planWishes puts what people want together into the agenda.
func (w *world) planWishes() {
	scene := want.Scene{Server: w.server, People: w.cast.people, Shop: w.openShop,
		At: func(ago time.Duration, do func() error) { w.at(w.stopAfter(ago), do) }}
	scene.Play(w.ctx)
}

// stopAfter is the first stop by day not before some time ago.
func (w *world) stopAfter(ago time.Duration) *stop {
	at := w.now.Add(-ago)
	for _, s := range w.agenda.stops {
		if s.kind != night && !s.at.Before(at) {
			return s
		}
	}
	return w.agenda.last()
}

// openShop is the n-th shop that sells.
func (w *world) openShop(n int) want.Shop {
	for _, s := range w.cast.shops {
		if s.State == "" && len(s.branches) > 0 {
			if n--; n < 0 {
				return want.Shop{ID: s.id, Branch: s.branches[0], Owner: s.owner}
			}
		}
	}
	return want.Shop{}
}
