package doctor_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// TestWishFaultsAreNamed plants numbers that are not those of a wish's members, and takes them back.
func TestWishFaultsAreNamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		lanes := lane.New(d, lane.Options{})
		t.Cleanup(lanes.Close)
		flow := wanted.New(d, lanes)
		author := market.Actor{AccountID: "acc_1", Confirmed: true}
		one, err := flow.Post(t.Context(), author, wanted.PostCmd{Draft: wish.Draft{Name: "무선 청소기"}, Key: "one"})
		if err != nil {
			t.Fatal(err)
		}
		id := string(one.ID)
		ask := func() []string {
			t.Helper()
			report, err := doctor.Check(t.Context(), readOnly(t, w), doctor.Options{Slice: 2, Only: []string{"wishes"}})
			if err != nil {
				t.Fatal(err)
			}
			spoken(t, report)
			return findings(report)
		}
		if sound := ask(); len(sound) > 0 {
			t.Fatal(sound)
		}
		for _, c := range []struct{ plant, back, want string }{
			{`UPDATE wish SET firm = 2 WHERE id = $1`, `UPDATE wish SET firm = 1 WHERE id = $1`, "93 wish_firm " + id},
			{`UPDATE wish SET watching = 1 WHERE id = $1`, `UPDATE wish SET watching = 0 WHERE id = $1`,
				"93 wish_watching " + id},
			{`UPDATE wish SET threshold = 1 WHERE id = $1`, `UPDATE wish SET threshold = 30 WHERE id = $1`,
				"94 wish_full " + id},
			{`UPDATE wish_member SET kind = 'watching', firm_at = NULL WHERE wish_id = $1`,
				`UPDATE wish_member SET kind = 'firm', firm_at = at WHERE wish_id = $1`,
				"93 wish_firm " + id + ", 93 wish_watching " + id},
		} {
			write(t, d, c.plant, id)
			got := ask()
			slices.Sort(got)
			if strings.Join(got, ", ") != c.want {
				t.Errorf("%s: %v, want %s", c.plant, got, c.want)
			}
			write(t, d, c.back, id)
		}
		if sound := ask(); len(sound) > 0 {
			t.Error(sound)
		}
	})
}
