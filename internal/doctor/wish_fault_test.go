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
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/bidtest"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// TestAuctionFaultsAreNamed plants a cheaper bid beside a winner, another lowest one and a changed digest, and takes
// them back.
func TestAuctionFaultsAreNamed(t *testing.T) {
	bidtest.Each(t, func(t *testing.T, h bidtest.Hall) {
		h.Open(bid.Sealed)
		h.Taken(bidtest.Asks("a", 10_000), bidtest.Asks("b", 9_000))
		h.Over()
		h.Award(30)
		ask := func() []string {
			t.Helper()
			report, err := doctor.Check(t.Context(), h.D, doctor.Options{Slice: 2, Only: []string{"auctions"}})
			if err != nil {
				t.Fatal(err)
			}
			spoken(t, report)
			return findings(report)
		}
		if sound := ask(); len(sound) > 0 {
			t.Fatal(sound)
		}
		id := string(bidtest.Wish)
		for _, c := range []struct{ plant, back, want string }{
			{`UPDATE bid SET unit_price = 8000 WHERE wish_id = $1 AND merchant_id = 'mer_a'`,
				`UPDATE bid SET unit_price = 10000 WHERE wish_id = $1 AND merchant_id = 'mer_a'`,
				"33 auction_seal " + id + ", 33 auction_winner " + id},
			{`UPDATE auction SET lowest_price = 8999 WHERE wish_id = $1`,
				`UPDATE auction SET lowest_price = 9000 WHERE wish_id = $1`, "33 auction_lowest " + id},
			{`UPDATE auction SET digest = 'x' || digest WHERE wish_id = $1`,
				`UPDATE auction SET digest = substr(digest, 2) WHERE wish_id = $1`, "33 auction_digest " + id},
		} {
			write(t, h.D, c.plant, id)
			got := ask()
			slices.Sort(got)
			if strings.Join(got, ", ") != c.want {
				t.Errorf("%s: %v, want %s", c.plant, got, c.want)
			}
			write(t, h.D, c.back, id)
		}
		if sound := ask(); len(sound) > 0 {
			t.Error(sound)
		}
	})
}

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
			{`UPDATE wish SET round = 2 WHERE id = $1`, `UPDATE wish SET round = 1 WHERE id = $1`, "94 wish_rounds " + id},
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
