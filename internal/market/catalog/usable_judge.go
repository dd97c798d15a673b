package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/hours"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
)

// Use is when and where a deal's vouchers can be used, from its terms in force.
type Use struct {
	Rules    hours.Rules
	Branches []market.BranchID // empty means every branch
}

// At answers whether the voucher can be used in a branch.
func (u Use) At(id market.BranchID) bool {
	return len(u.Branches) == 0 || slices.Contains(u.Branches, id)
}

// UsableNow answers whether a voucher can be used this minute in one of the branches: its own rules and the branch's
// opening hours both hold.
func (u Use) UsableNow(branches []Branch, now time.Time) bool {
	if u.Rules.Judge(now, deal.Zone) != hours.Inside {
		return false
	}
	for _, b := range branches {
		if u.At(b.ID) && b.Hours.OpenAt(now, deal.Zone) {
			return true
		}
	}
	return false
}

// UsesOf reads the use rules of deals.
func UsesOf(ctx context.Context, q db.Querier, ids []market.DealID) (map[market.DealID]Use, error) {
	type row struct {
		id              market.DealID
		rules, branches string
	}
	rows, err := db.ByIDs(ctx, q, func(r db.Row) (row, error) {
		var one row
		err := r.Scan(&one.id, &one.rules, &one.branches)
		return one, err
	}, `SELECT d.id, t.use_rules, t.branches FROM deal d
 JOIN deal_terms t ON t.deal_id = d.id AND t.version = d.terms_version WHERE d.id IN {ids}`, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[market.DealID]Use, len(rows))
	for _, one := range rows {
		var u Use
		if err := json.Unmarshal([]byte(one.rules), &u.Rules); err != nil {
			return nil, fmt.Errorf("use rules of %s: %w", one.id, err)
		}
		if err := json.Unmarshal([]byte(one.branches), &u.Branches); err != nil {
			return nil, fmt.Errorf("branches of %s: %w", one.id, err)
		}
		out[one.id] = u
	}
	return out, nil
}

// Spot is a place in 1e-7 degrees; the zero Spot is nowhere.
type Spot struct{ LatitudeE7, LongitudeE7 int64 }

// Known reports a spot that is somewhere.
func (s Spot) Known() bool { return s.LatitudeE7 != 0 || s.LongitudeE7 != 0 }

// Metres is the way between two spots as the crow flies, good to a few metres within a city.
func (s Spot) Metres(to Spot) int64 {
	const metresPerE7 = 40_007_863.0 / 360 / 1e7
	north := float64(to.LatitudeE7-s.LatitudeE7) * metresPerE7
	east := float64(to.LongitudeE7-s.LongitudeE7) * metresPerE7 *
		math.Cos(float64(s.LatitudeE7)/1e7*math.Pi/180)
	return int64(math.Round(math.Hypot(north, east)))
}

// Spot is where the branch lies.
func (b Branch) Spot() Spot { return Spot{b.LatitudeE7, b.LongitudeE7} }

// Nowhere is the distance to a branch whose place is not known: farther than everything.
const Nowhere int64 = math.MaxInt64

// Nearest is the way in metres from a spot to the closest branch where the voucher can be used; Nowhere without one.
func (u Use) Nearest(branches []Branch, from Spot) int64 {
	best := Nowhere
	for _, b := range branches {
		if from.Known() && b.HasPlace() && u.At(b.ID) {
			best = min(best, from.Metres(b.Spot()))
		}
	}
	return best
}
