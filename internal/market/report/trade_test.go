package report_test

import (
	"testing"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/market/wish"
)

func TestWhichWishesFitAShop(t *testing.T) {
	shop := report.Trade{Categories: []market.CategoryID{"eat.noodle", "shop"},
		Regions: []market.RegionID{"district_11040", "province_11"}}
	follower := report.Trade{Categories: []market.CategoryID{"eat"}, Followed: []report.Followed{
		{CategoryID: "learn.class", Regions: []market.RegionID{"province_26", "district_26040"}}}}
	for _, c := range []struct {
		name string
		t    report.Trade
		w    wish.Wish
		want bool
	}{
		{"its kind", shop, wish.Wish{CategoryID: "eat.noodle"}, true},
		{"the kind above", shop, wish.Wish{CategoryID: "eat"}, true},
		{"a kind below", shop, wish.Wish{CategoryID: "shop.flower"}, true},
		{"a neighbouring kind", shop, wish.Wish{CategoryID: "eat.meat"}, false},
		{"a kind that begins alike", shop, wish.Wish{CategoryID: "shopping"}, false},
		{"no kind", shop, wish.Wish{}, true},
		{"near", shop, wish.Wish{Way: wish.AtBranch, RegionID: "province_11"}, true},
		{"far", shop, wish.Wish{Way: wish.AtBranch, RegionID: "province_26"}, false},
		{"far, by parcel", shop, wish.Wish{Way: wish.ByParcel, RegionID: "province_26"}, true},
		{"far, either way", shop, wish.Wish{RegionID: "province_26"}, true},
		{"followed", follower, wish.Wish{CategoryID: "learn.class", RegionID: "district_26040"}, true},
		{"followed, of any kind below", follower, wish.Wish{CategoryID: "learn.class.clay"}, true},
		{"followed elsewhere", follower, wish.Wish{CategoryID: "learn.class", RegionID: "district_11010"}, false},
		{"begins like what is followed", follower, wish.Wish{CategoryID: "learn.classic"}, false},
		{"a stranger", report.Trade{}, wish.Wish{CategoryID: "eat.meat"}, true},
		{"a stranger, far", report.Trade{}, wish.Wish{Way: wish.AtBranch, RegionID: "province_26"}, true},
	} {
		if got := c.t.Fits(c.w); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
