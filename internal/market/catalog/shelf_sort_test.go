package catalog_test

import (
	"context"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/region"
)

func shelfCard(id string, state deal.State, people, threshold int64, ends time.Time) catalog.Card {
	return catalog.Card{Deal: deal.Deal{ID: market.DealID(id), State: state, ThresholdKind: deal.ThresholdPeople,
		People: people, Threshold: threshold, Capacity: 100, StartsAt: ends.Add(-7 * 24 * time.Hour), EndsAt: ends}}
}

func names(cards []catalog.Card) string {
	out := ""
	for _, c := range cards {
		out += string(c.Deal.ID) + " "
	}
	return out
}

func TestShelvesFollowTheirPublishedOrder(t *testing.T) {
	now := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	later := now.Add(48 * time.Hour)
	tipped := shelfCard("open", deal.OnSale, 30, 30, later)
	tipped.Deal.TippedAt = now
	full := shelfCard("full", deal.OnSale, 20, 30, later)
	full.Deal.PaidUnits = 100
	cards := []catalog.Card{
		shelfCard("far", deal.OnSale, 3, 30, later), shelfCard("near2", deal.OnSale, 25, 30, later),
		tipped, shelfCard("near1", deal.OnSale, 29, 30, later), full,
		shelfCard("next", deal.Scheduled, 0, 30, later.Add(14*24*time.Hour)),
		shelfCard("over", deal.Ended, 30, 30, now.Add(-time.Hour)),
		shelfCard("old", deal.Failed, 3, 30, now.Add(-800*time.Hour)),
		shelfCard("best", deal.OnSale, 1, 30, later),
	}
	own := func(c catalog.Card) bool { return c.Deal.ID == "best" }
	s := catalog.Sort(cards, own, now)
	if s.Lead == nil || s.Lead.Deal.ID != "best" {
		t.Fatalf("lead %+v", s.Lead)
	}
	for _, c := range []struct{ shelf, got, want string }{
		{"nearly", names(s.Nearly), "near1 near2 "}, {"open", names(s.Open), "open "}, {"rest", names(s.Rest), "far "},
		{"coming", names(s.Coming), "next "}, {"over", names(s.Over), "full over "},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.shelf, c.got, c.want)
		}
	}
}

func TestScopeHoldsWhatLiesInAndAround(t *testing.T) {
	ctx := context.Background()
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		here := region.Region{ID: "neighbourhood_1104068", Level: region.Neighbourhood, Code: "1104068"}
		s, err := catalog.ScopeOf(ctx, d, here, nil)
		if err != nil {
			t.Fatal(err)
		}
		for id, want := range map[market.RegionID]bool{
			"neighbourhood_1104068": true, "district_11040": true, "province_11": true, region.Korea: true,
			"neighbourhood_1104069": false, "district_11050": false, "province_21": false,
		} {
			if s.Holds(id) != want {
				t.Errorf("%s: %v", id, !want)
			}
		}
		if s.Inside("district_11040") || !s.Inside("neighbourhood_1104068") {
			t.Error("own and around are mixed up")
		}
		if got := s.Of([]market.RegionID{"province_21", "province_11"}); len(got) != 1 {
			t.Errorf("narrowed to %v", got)
		}
		all, err := catalog.ScopeOf(ctx, d, region.Region{ID: region.Korea, Level: region.Country}, nil)
		if err != nil || all.Of([]market.RegionID{"x"}) != nil {
			t.Errorf("the country filters: %v", err)
		}
		for _, read := range []func() error{
			func() error { _, err := catalog.Moments(ctx, d, 5); return err },
			func() error { _, err := catalog.GoingOn(ctx, d, w.Clock.Now()); return err },
			func() error { _, err := catalog.ShownIn(ctx, d, w.Clock.Now()); return err },
			func() error { _, err := catalog.FindSeller(ctx, d, "mer_none"); return err },
			func() error { _, err := catalog.Branches(ctx, d, []market.MerchantID{"mer_none"}); return err },
			func() error {
				_, err := catalog.Shops(ctx, d, catalog.ShopFilter{Within: s.Of([]market.RegionID{"province_11"}), Limit: 5})
				return err
			},
			func() error {
				_, err := catalog.Shops(ctx, d, catalog.ShopFilter{Within: []market.RegionID{"province_11"}, Limit: 5})
				return err
			},
			func() error { _, err := catalog.UsesOf(ctx, d, []market.DealID{"dea_none"}); return err },
			func() error { _, err := catalog.RegionsOf(ctx, d, []market.DealID{"dea_none"}); return err },
		} {
			if err := read(); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestSpotsAreMeasured(t *testing.T) {
	seongsu := catalog.Spot{LatitudeE7: 375445_000, LongitudeE7: 1270560_000}
	cityHall := catalog.Spot{LatitudeE7: 375665_000, LongitudeE7: 1269780_000}
	if got := seongsu.Metres(cityHall); got < 7_200 || got > 7_400 {
		t.Errorf("%d metres", got)
	}
	if got := seongsu.Metres(seongsu); got != 0 {
		t.Errorf("%d metres to itself", got)
	}
}
