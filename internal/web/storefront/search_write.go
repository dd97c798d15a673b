package storefront

import (
	"github.com/dure-commerce/dure/internal/web/ui"
)

func prices() []int64 { return []int64{10_000, 30_000, 50_000} }

// wonUnless turns a chosen price off.
func wonUnless(price, chosen int64) string {
	if price == chosen {
		return ""
	}
	return won(price)
}

func (v finding) heading(loc ui.Loc) string {
	n := int64(len(v.Cards))
	switch {
	case v.Text != "":
		return loc.T("storefront.search.found", "Query", v.Text, "Count", n)
	case v.Now:
		return loc.T("storefront.search.found_now", "Count", n)
	}
	return loc.T("storefront.search.found_all", "Count", n)
}

func (v finding) emptyTitle(loc ui.Loc) string {
	if v.Text == "" {
		return loc.T("storefront.search.none_here")
	}
	return loc.T("storefront.search.none", "Query", v.Text)
}

func (v finding) tiles(loc ui.Loc) []tile {
	out := tilesOf(loc, v.Cards, v.At)
	for i, c := range v.Cards {
		out[i].Note = v.Notes[c.Deal.ID]
	}
	return out
}
