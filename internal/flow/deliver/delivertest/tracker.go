package delivertest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
	"github.com/dure-commerce/dure/internal/market/escrow/track"
)

// Parcel is the parcel of the member with a number.
func Parcel(i int) parcel.Name {
	return parcel.Name{Carrier: "cj", Number: fmt.Sprintf("6%011d", i)}
}

// Tracker tells what a test lets it tell.
type Tracker struct {
	lock   sync.Mutex
	events map[parcel.Name][]parcel.Event
	down   bool
	calls  int
	asked  int
}

// NewTracker makes a tracker that knows no parcel.
func NewTracker() *Tracker { return &Tracker{events: map[parcel.Name][]parcel.Event{}} }

// Tell lets the tracker know of an event.
func (t *Tracker) Tell(name parcel.Name, kind parcel.Kind, at time.Time) {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.events[name] = append(t.events[name], parcel.Event{Kind: kind, At: at, Place: "옥천 허브"})
}

// Down lets the tracker give no answer, or again give answers.
func (t *Tracker) Down(down bool) {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.down = down
}

// Calls is how often the tracker was called, and about how many parcels in all.
func (t *Tracker) Calls() (calls, parcels int) {
	t.lock.Lock()
	defer t.lock.Unlock()
	return t.calls, t.asked
}

// Track tells every event twice, the newest first.
func (t *Tracker) Track(_ context.Context, names []parcel.Name) ([]track.Told, error) {
	t.lock.Lock()
	defer t.lock.Unlock()
	t.calls++
	t.asked += len(names)
	if t.down {
		return nil, track.ErrDown
	}
	var out []track.Told
	for _, name := range names {
		known := t.events[name]
		if len(known) == 0 {
			continue
		}
		told := track.Told{Name: name}
		for i := len(known) - 1; i >= 0; i-- {
			told.Events = append(told.Events, known[i], known[i])
		}
		out = append(out, told)
	}
	return out, nil
}
