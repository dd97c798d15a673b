package wish_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// shelf writes wishes a … f: id, state, category, region, threshold, firm, end in hours.
func shelf(t *testing.T, d *db.DB, now time.Time) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for i, x := range []struct {
			id, state, category, region string
			threshold, firm             int64
			hours                       int
		}{
			{"a", "gathering", "eat.noodle", "r1", 30, 2, 50}, {"b", "gathering", "eat", "r2", 30, 29, 90},
			{"c", "bidding", "eatery", "", 30, 31, 10}, {"d", "gathering", "", "", 30, 2, 20},
			{"e", "done", "eat", "r1", 30, 30, 5}, {"f", "closed", "eat", "r1", 30, 3, 5},
		} {
			reached, version, ended := any(nil), any(nil), any(nil)
			if x.state == "bidding" || x.state == "done" {
				reached, version = db.Micros(now), int64(1)
			}
			if x.state == "done" || x.state == "closed" {
				ended = db.Micros(now)
			}
			_, err := db.Exec(t.Context(), tx, `INSERT INTO wish (id, author_id, lead_id, name, category_id, region_id,
 threshold, post_key, post_hash, policy_id, state, firm, until_at, reached_at, reached_version, ended_at, created_at)
 VALUES ($1, 'acc_1', 'acc_1', $1, $2, $3, $4, $1, '', 'p', $5, $6, $7, $8, $9, $10, $11)`, x.id, x.category, x.region,
				x.threshold, x.state, x.firm, db.Micros(now.Add(time.Duration(x.hours)*time.Hour)), reached, version, ended,
				int64(i))
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func names(list []wish.Wish) string {
	var b strings.Builder
	for _, w := range list {
		b.WriteString(string(w.ID))
	}
	return b.String()
}

func TestList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		shelf(t, d, w.Clock.Now())
		for _, c := range []struct {
			name, want string
			f          wish.Filter
		}{
			{"new, but not what came to nothing", "edcba", wish.Filter{}},
			{"of a state", "f", wish.Filter{States: []wish.State{wish.Closed}}},
			{"nearly there", "bad", wish.Filter{Sort: wish.ByNear}},
			{"ending", "dab", wish.Filter{Sort: wish.ByEnding}},
			{"bids ending", "c", wish.Filter{Sort: wish.ByEnding, States: []wish.State{wish.Bidding}}},
			{"a kind and those below it", "eba", wish.Filter{CategoryID: "eat"}},
			{"a region, and anywhere", "edca", wish.Filter{Regions: []market.RegionID{"r1"}}},
			{"all at once", "a", wish.Filter{Regions: []market.RegionID{"r1"}, CategoryID: "eat", Sort: wish.ByNear}},
		} {
			got := ""
			for f := c.f; ; { // page by page: the same list, nothing twice, nothing lost
				f.Limit = 1
				page, next, err := wish.List(t.Context(), d, f)
				if err != nil {
					t.Fatal(c.name, err)
				}
				got += names(page)
				if next.ID == "" {
					break
				}
				if f.After = wish.ParseCursor(next.Text()); f.After != next {
					t.Fatalf("%s: %+v became %+v", c.name, next, f.After)
				}
			}
			if got != c.want {
				t.Errorf("%s: %s, want %s", c.name, got, c.want)
			}
		}
		if c := wish.ParseCursor("§.x"); c != (wish.Cursor{}) {
			t.Errorf("%+v", c)
		}
	})
}

func TestOfAccount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		shelf(t, d, w.Clock.Now())
		steps := map[wish.MemberKey]wish.Step{}
		for id, kind := range map[market.WishID]wish.Kind{"a": wish.Firm, "b": wish.Away, "c": wish.Watching,
			"f": wish.Firm} {
			m := wish.Member{WishID: id, AccountID: "acc_2", Kind: kind, At: w.Clock.Now()}
			if kind == wish.Firm {
				m.FirmAt = m.At
			}
			steps[wish.MemberKey{WishID: id, AccountID: "acc_2"}] = wish.Step{Now: m}
		}
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := wish.PutMembers(context.Background(), tx, steps)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		got, before := "", market.WishID("")
		for range 4 {
			page, err := wish.OfAccount(t.Context(), d, "acc_2", before, 1)
			if err != nil {
				t.Fatal(err)
			}
			for _, one := range page {
				got += fmt.Sprint(one.ID, one.Member.Kind, " ")
				before = one.ID
			}
		}
		if got != "ffirm cwatching afirm " {
			t.Errorf("%s", got)
		}
	})
}
