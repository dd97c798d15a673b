package report

import (
	"context"
	"slices"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/lookout"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// Trade is what a shop sells and where, as far as it has said so: what it has not said rules nothing out.
type Trade struct {
	Categories []market.CategoryID
	Regions    []market.RegionID // of its branches, and all that hold these
	Followed   []Followed
}

// Followed is a kind of wishes that a shop follows.
type Followed struct {
	CategoryID market.CategoryID // with all below it; "" for any
	Regions    []market.RegionID // the region with all inside it; none for anywhere
}

// LoadTrade reads what a shop has said of its trade.
func LoadTrade(ctx context.Context, q db.Querier, m merchant.Merchant) (Trade, error) {
	t := Trade{}
	for _, id := range append([]market.CategoryID{m.Profile.CategoryID}, m.Profile.More...) {
		if id != "" {
			t.Categories = append(t.Categories, id)
		}
	}
	branches, err := merchant.Branches(ctx, q, m.ID)
	if err != nil {
		return t, err
	}
	for _, b := range branches {
		if slices.Contains(t.Regions, b.RegionID) {
			continue
		}
		around, err := region.Covering(ctx, q, b.RegionID)
		if err != nil {
			return t, err
		}
		t.Regions = append(append(t.Regions, b.RegionID), around...)
	}
	t.Followed, err = loadFollowed(ctx, q, m.ID)
	return t, err
}

func loadFollowed(ctx context.Context, q db.Querier, id market.MerchantID) ([]Followed, error) {
	kinds, err := lookout.Of(ctx, q, id)
	if err != nil {
		return nil, err
	}
	out := make([]Followed, len(kinds))
	for i, k := range kinds {
		out[i].CategoryID = k.CategoryID
		if k.RegionID == "" || k.RegionID == region.Korea {
			continue
		}
		if out[i].Regions, err = region.Within(ctx, q, k.RegionID); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Follows reports a wish of a kind that the shop follows.
func (t Trade) Follows(w wish.Wish) bool {
	return slices.ContainsFunc(t.Followed, func(f Followed) bool {
		kind := f.CategoryID == "" || w.CategoryID == f.CategoryID ||
			strings.HasPrefix(string(w.CategoryID), string(f.CategoryID)+".")
		return kind && (len(f.Regions) == 0 || w.RegionID == "" || slices.Contains(f.Regions, w.RegionID))
	})
}

// Fits reports a wish that the shop could serve: of a kind that it follows, or of one of its own trade, of one above or
// below that, and near a branch of it unless a parcel will do.
func (t Trade) Fits(w wish.Wish) bool {
	if t.Follows(w) {
		return true
	}
	kind := w.CategoryID == "" || len(t.Categories) == 0 ||
		slices.ContainsFunc(t.Categories, func(own market.CategoryID) bool { return within(own, w.CategoryID) })
	near := w.RegionID == "" || w.Way != wish.AtBranch || len(t.Regions) == 0 ||
		slices.Contains(t.Regions, w.RegionID)
	return kind && near
}

// within reports kinds of which one is the other, or holds it.
func within(a, b market.CategoryID) bool {
	return a == b || strings.HasPrefix(string(a), string(b)+".") || strings.HasPrefix(string(b), string(a)+".")
}
