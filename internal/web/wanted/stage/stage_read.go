package stage

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// NamesOf words where a wish is and what kind it is; what is not in the lists stays unsaid.
func NamesOf(ctx context.Context, q db.Querier, lang string, w wish.Wish) (where, kind string, err error) {
	if w.RegionID != "" {
		r, err := region.Find(ctx, q, w.RegionID)
		if err != nil && !errors.Is(err, region.ErrNotFound) {
			return "", "", err
		}
		where = r.Label(lang)
	}
	if w.CategoryID != "" {
		c, err := category.Find(ctx, q, w.CategoryID)
		if err != nil && !errors.Is(err, category.ErrNotFound) {
			return "", "", err
		}
		kind = c.Label(lang)
	}
	return where, kind, nil
}

// Paid is how many members' money is here, whatever has become of it since.
func Paid(shares []escrow.Tally) int64 {
	var n int64
	for _, t := range shares {
		if t.State != escrow.Refunded {
			n += t.Shares
		}
	}
	return n
}
