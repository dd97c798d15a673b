package feed_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/feed"
)

func waitingOf(t *testing.T, d *db.DB, limit int) (string, bool) {
	t.Helper()
	var events []feed.Event
	var whole bool
	err := d.Read(t.Context(), func(q *db.ReadTx) (err error) {
		events, whole, err = feed.Waiting{Name: "sums", Kinds: []string{"a", "b"}, Limit: limit}.Find(t.Context(), q)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range events {
		out = append(out, fmt.Sprint(e.Kind, e.Aggregate, e.Seq))
	}
	return strings.Join(out, " "), whole
}

// TestWaitingIsWhatAProjectionHasNotCounted: numbered events behind the cursor come first, then those without a number,
// and never one that was counted.
func TestWaitingIsWhatAProjectionHasNotCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		f := feed.New(d)
		f.Subscribe("sums", []string{"a", "b"}, func(context.Context, *db.Tx, []feed.Event) error { return nil })
		s := sealer(d, "n1")
		emit(t, d, db.Event{Kind: "a", Aggregate: "1", Version: 1}, db.Event{Kind: "c", Aggregate: "1", Version: 2})
		if got, whole := waitingOf(t, d, 10); got != "a10" || !whole {
			t.Errorf("without numbers: %q %v", got, whole)
		}
		drain(t, s.RunOnce)
		if got, _ := waitingOf(t, d, 10); got != "a11" {
			t.Errorf("numbered: %q", got)
		}
		drain(t, f.RunOnce)
		emit(t, d, db.Event{Kind: "b", Aggregate: "2", Version: 1})
		drain(t, s.RunOnce)
		emit(t, d, db.Event{Kind: "a", Aggregate: "3", Version: 1})
		if got, whole := waitingOf(t, d, 2); got != "b23 a30" || !whole {
			t.Errorf("behind the cursor and without a number: %q %v", got, whole)
		}
		if got, whole := waitingOf(t, d, 1); got != "" || whole {
			t.Errorf("more than the limit: %q %v", got, whole)
		}
		drain(t, s.RunOnce)
		drain(t, f.RunOnce)
		if got, whole := waitingOf(t, d, 1); got != "" || !whole {
			t.Errorf("nothing waits: %q %v", got, whole)
		}
	})
}
