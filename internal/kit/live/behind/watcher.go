package behind

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/feed"
	"github.com/dure-commerce/dure/internal/kit/live"
	"github.com/dure-commerce/dure/internal/kit/node"
)

const (
	// StepEvery is the pause between two steps: how late pages are at most while the feed stands in.
	StepEvery = time.Second
	// heardFor is how long a node is heard after its last word; it says one each second.
	heardFor = 4 * time.Second
	// young nodes have not been heard yet and have changed nothing.
	young = 5 * time.Second
	// againEvery is how often everything is fetched again: not every change on a page is an event of the feed.
	againEvery = 15 * time.Second
	eventsMax  = 512
	roundsMax  = 8
)

// Ear tells whom a bus hears; a nil one hears nobody.
type Ear interface {
	Heard() map[string]time.Time
}

// Options of a watcher.
type Options struct {
	DB     *db.DB
	Hub    *live.Hub
	Ear    Ear
	Others func() []node.Node // who lives beside us
	Log    *slog.Logger
}

// Watcher is stepped by a worker; it is not for use by several goroutines.
type Watcher struct {
	o     Options
	late  bool
	place int64     // in the feed
	again time.Time // when everything was fetched last
}

// New makes a watcher.
func New(o Options) *Watcher { return &Watcher{o: o} }

// RunOnce judges, and follows the feed while somebody is not heard; it never has more to do at once.
func (w *Watcher) RunOnce(ctx context.Context) (worked bool, err error) {
	now := w.o.DB.Clock().Now()
	unheard := w.unheard(now)
	if len(unheard) == 0 {
		if w.late {
			w.o.Log.Info("all nodes are heard again: screens are in time")
			w.late = false
			w.o.Hub.SetDelayed(false)
		}
		return false, nil
	}
	if !w.late {
		w.o.Log.Warn("nodes are not heard: screens follow the feed", "nodes", strings.Join(unheard, ", "))
		w.late, w.again = true, now
		w.place, err = feed.Head(ctx, w.o.DB)
		w.o.Hub.SetDelayed(true) // which fetches everything once
		if err != nil {
			w.place = -1
		}
		return false, err
	}
	if now.Sub(w.again) >= againEvery {
		w.again = now
		w.o.Hub.Again()
	}
	return false, w.follow(ctx)
}

// unheard are the names of nodes that live and are not heard.
func (w *Watcher) unheard(now time.Time) (names []string) {
	others := w.o.Others()
	if len(others) == 0 {
		return nil
	}
	heard := map[string]time.Time{}
	if w.o.Ear != nil {
		heard = w.o.Ear.Heard()
	}
	for _, n := range others {
		if now.Sub(n.Started) >= young && now.Sub(heard[n.Name]) > heardFor {
			names = append(names, n.Name)
		}
	}
	return names
}

// follow tells the hub of watched topics whose thing a new event names.
func (w *Watcher) follow(ctx context.Context) (err error) {
	if w.place < 0 {
		if w.place, err = feed.Head(ctx, w.o.DB); err != nil {
			w.place = -1
			return err
		}
	}
	named := map[string]int64{}
	for range roundsMax {
		events, err := feed.After(ctx, w.o.DB, w.place, eventsMax)
		if err != nil {
			return err
		}
		for _, e := range events {
			w.place = e.Seq
			for _, id := range idsOf(e) {
				named[id] = db.Micros(e.At)
			}
		}
		if len(events) < eventsMax {
			break
		}
	}
	if len(named) == 0 {
		return nil
	}
	var changes []live.Change
	for _, topic := range w.o.Hub.Watched() {
		_, id, about := strings.Cut(topic, ":")
		if version, hit := named[id]; hit || !about { // a topic about nothing in particular is about everything
			changes = append(changes, live.Change{Topic: topic, Version: version})
		}
	}
	w.o.Hub.Hear(changes)
	return nil
}

// idsOf are the texts in an event that may name a thing: its aggregate and the strings of its payload.
func idsOf(e feed.Event) []string {
	ids := []string{e.Aggregate}
	var payload map[string]any
	if err := json.Unmarshal([]byte(e.Payload), &payload); err != nil {
		return ids
	}
	var walk func(value any)
	walk = func(value any) {
		switch v := value.(type) {
		case string:
			ids = append(ids, v)
		case []any:
			for _, one := range v {
				walk(one)
			}
		case map[string]any:
			for _, one := range v {
				walk(one)
			}
		}
	}
	walk(payload)
	return ids
}
