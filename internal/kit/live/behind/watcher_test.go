package behind_test

import (
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/feed"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/kit/lease"
	"github.com/dure-commerce/dure/internal/kit/live"
	"github.com/dure-commerce/dure/internal/kit/live/behind"
	"github.com/dure-commerce/dure/internal/kit/node"
)

// recorder keeps an answer that is read while it is written, and tells of each write.
type recorder struct {
	*httptest.ResponseRecorder
	mu    sync.Mutex
	text  strings.Builder
	wrote chan struct{}
}

func (r *recorder) Write(b []byte) (int, error) {
	r.mu.Lock()
	r.text.Write(b)
	r.mu.Unlock()
	select {
	case r.wrote <- struct{}{}:
	default:
	}
	return len(b), nil
}

// await waits until the text stands in the answer a number of times.
func (r *recorder) await(t *testing.T, text string, times int) {
	t.Helper()
	patience := time.NewTimer(10 * time.Second)
	defer patience.Stop()
	for {
		r.mu.Lock()
		got := r.text.String()
		r.mu.Unlock()
		if strings.Count(got, text) >= times {
			return
		}
		select {
		case <-r.wrote:
		case <-patience.C:
			t.Fatalf("never heard %d times %q:\n%s", times, text, got)
		}
	}
}

type ear map[string]time.Time

func (e ear) Heard() map[string]time.Time { return e }

func TestFollowsTheFeedWhileSomebodyIsNotHeard(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := t.Context()
		hub, err := live.New(live.Options{IDs: id.Seeded(clock.System(), 1)})
		if err != nil {
			t.Fatal(err)
		}
		defer hub.Close()
		out := &recorder{ResponseRecorder: httptest.NewRecorder(), wrote: make(chan struct{}, 1)}
		request := httptest.NewRequestWithContext(ctx, "GET", "/live", nil)
		request.ProtoMajor = 2
		go func() {
			_ = hub.ServeSSE(out, request, []live.Topic{{Name: "deal:dea_1"}, {Name: "deal:dea_2"}, {Name: "console"}}, "")
		}()
		out.await(t, "retry", 1)
		heard, others := ear{}, []node.Node{{Name: "b", Started: w.Clock.Now()}}
		watcher := behind.New(behind.Options{DB: d, Hub: hub, Ear: heard, Log: slog.New(slog.DiscardHandler),
			Others: func() []node.Node { return others }})
		step := func(late bool) {
			t.Helper()
			if _, err := watcher.RunOnce(ctx); err != nil || hub.Delayed() != late {
				t.Fatal("late:", hub.Delayed(), err)
			}
		}
		step(false) // b is young
		w.Clock.Advance(10 * time.Second)
		heard["b"] = w.Clock.Now()
		step(false)
		w.Clock.Advance(4 * time.Second)
		step(false)
		w.Clock.Advance(time.Second)
		step(true)
		out.await(t, `{"delayed":true}`, 1)
		out.await(t, `{"topic":"deal:dea_2","version":0}`, 1)
		// Another node sells and its sealer numbers: the topic of that deal moves, and the console, but no other.
		emit(t, d, "dea_1")
		step(true)
		out.await(t, `{"topic":"deal:dea_1","version":`, 2)
		out.await(t, `{"topic":"console","version":`, 2)
		w.Clock.Advance(15 * time.Second)
		step(true)
		out.await(t, `{"topic":"deal:dea_2","version":0}`, 2)
		heard["b"] = w.Clock.Now()
		step(false)
		out.await(t, `{"delayed":false}`, 1)
		out.await(t, `{"topic":"deal:dea_2","version":0}`, 3)
		w.Clock.Advance(time.Hour)
		others = nil // b has died: nobody is missed
		step(false)
		if text := out.text.String(); strings.Count(text, `"deal:dea_2","version":`) != 3 {
			t.Errorf("an event of another deal moved this one:\n%s", text)
		}
	})
}

func emit(t *testing.T, d *db.DB, deal string) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		tx.Emit(db.Event{Kind: "order.paid", Aggregate: "ord_1", Version: 1,
			Payload: map[string]any{"deal_id": deal, "units": 2, "list": []string{"x"}}})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	sealer := feed.NewSealer(d, lease.NewKeeper(d, "sealer", "other", time.Minute))
	if worked, err := sealer.RunOnce(t.Context()); err != nil || !worked {
		t.Fatal(worked, err)
	}
}

// Without a bus nobody is heard: whoever lives beside us is followed through the feed.
func TestWithoutABus(t *testing.T) {
	d, w := dbtest.SQLite(t)
	hub, err := live.New(live.Options{IDs: id.Seeded(clock.System(), 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer hub.Close()
	others := []node.Node{}
	watcher := behind.New(behind.Options{DB: d, Hub: hub, Log: slog.New(slog.DiscardHandler),
		Others: func() []node.Node { return slices.Clone(others) }})
	for _, want := range []bool{false, true, false} {
		if _, err := watcher.RunOnce(t.Context()); err != nil || hub.Delayed() != want {
			t.Fatal(want, hub.Delayed(), err)
		}
		if others = nil; !want {
			others = []node.Node{{Name: "b", Started: w.Clock.Now().Add(-time.Minute)}}
		}
	}
}
