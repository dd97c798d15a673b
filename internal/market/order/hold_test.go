package order_test

import (
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market/order"
)

var times = order.HoldTimes{TTL: 7 * time.Minute, Extra: 3 * time.Minute, Closing: 20 * time.Minute, LapsesMax: 2,
	Pause: 45 * time.Minute}

// TestHoldEnd: a hold lasts its time, and ends with its extra before the closing sale must be decided.
func TestHoldEnd(t *testing.T) {
	end := time.Date(2026, 3, 16, 0, 0, 0, 0, time.UTC)
	for before, want := range map[time.Duration]time.Duration{
		time.Hour: -53 * time.Minute, time.Minute: 6 * time.Minute, -9 * time.Minute: 16 * time.Minute,
		-11 * time.Minute: 17 * time.Minute,
	} {
		if got := times.HoldEnd(end.Add(-before), end); !got.Equal(end.Add(want)) {
			t.Errorf("held %s before the end: until %s after it, want %s", before, got.Sub(end), want)
		}
	}
}

// TestLapsesPause: as many lapsed holds as the policy says pause the account; what is not a lapse never does.
func TestLapsesPause(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		key := order.LimitKey{DealID: "dea_1", AccountID: "acc_1"}
		change := func(c order.LimitChange) order.Limit {
			t.Helper()
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				ok, err := order.MoveLimits(t.Context(), tx, map[order.LimitKey]order.LimitChange{key: c})
				if err == nil && !ok {
					t.Error("no limit to move")
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			list, err := order.LoadLimits(t.Context(), d, []order.LimitKey{key})
			if err != nil {
				t.Fatal(err)
			}
			return *list[key]
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := order.ClaimLimits(t.Context(), tx, map[order.LimitKey]order.LimitChange{key: {PerPerson: 9, Held: 5}})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		lapse := order.LimitChange{Held: -1, Lapses: 1, Times: times}
		if l := change(lapse); l.Lapses != 1 || !l.PausedUntil.Equal(time.UnixMicro(0)) && !l.PausedUntil.IsZero() {
			t.Errorf("after one: %+v", l)
		}
		if l := change(order.LimitChange{Held: -1, Paid: 1}); l.Lapses != 1 || w.Clock.Now().Before(l.PausedUntil) {
			t.Errorf("a payment is no lapse: %+v", l)
		}
		if l := change(lapse); l.Lapses != 0 || !l.PausedUntil.Equal(w.Clock.Now().Add(45*time.Minute)) {
			t.Errorf("after two: %+v", l)
		}
	})
}
