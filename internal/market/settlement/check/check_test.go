package check_test

import (
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market/settlement/check"
)

// TestChecks: sound books hold for their day, others for ten minutes; the first failure's instant stays until all is
// well.
func TestChecks(t *testing.T) {
	noon := time.Date(2026, 3, 10, 3, 0, 0, 0, time.UTC)
	faults := []check.Fault{{Invariant: 27, Code: "payable_differs", Row: "mer_1"},
		{Invariant: 27, Code: "payable_differs", Row: "mer_2"}, {Invariant: 3, Code: "balance_differs", Row: "2150 mer_1"}}
	first := check.Result{}
	if first.Holds(noon) || first.Err() != nil {
		t.Error("nothing was looked at and it holds")
	}
	sound := first.Next(noon, 0, nil)
	if !sound.Holds(noon.Add(10*time.Hour)) || sound.Holds(noon.Add(13*time.Hour)) {
		t.Error("sound books hold for their day in Korea")
	}
	ill := sound.Next(noon, 3, faults)
	if !ill.Holds(noon.Add(10*time.Minute-1)) || ill.Holds(noon.Add(10*time.Minute)) || !sound.Turned(ill) {
		t.Error("ill books hold for ten minutes")
	}
	if got := ill.Err().Error(); got != "27 payable_differs, 3 balance_differs" {
		t.Errorf("reason %q", got)
	}
	still := ill.Next(noon.Add(time.Hour), 3, faults)
	if !still.Since.Equal(noon) || ill.Turned(still) {
		t.Errorf("since %s", still.Since)
	}
	if well := still.Next(noon.Add(2*time.Hour), 0, nil); !well.Since.IsZero() || !still.Turned(well) {
		t.Errorf("mended: %+v", well)
	}
}

func TestCheckIsKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		c := check.Result{}.Next(w.Clock.Now(), 2, []check.Fault{{Invariant: 27, Code: "payable_differs",
			Row: "mer_1", Args: map[string]any{"Booked": int64(9_007_199_254_740_993)}}})
		for range 2 {
			err := d.Write(t.Context(), func(tx *db.Tx) error { return check.Put(t.Context(), tx, c) })
			if err != nil {
				t.Fatal(err)
			}
			got, err := check.Last(t.Context(), d)
			if err != nil || got.Found != 2 || !got.Since.Equal(c.Since) || got.Day != c.Day ||
				got.Faults[0].Row != "mer_1" || got.Faults[0].Args["Booked"] != int64(9_007_199_254_740_993) {
				t.Errorf("%+v %v", got, err)
			}
		}
	})
}
