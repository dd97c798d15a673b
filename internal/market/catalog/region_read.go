package catalog

import (
	"context"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/region"
)

// Going is how many deals a region shows that one can join now or soon.
type Going struct {
	RegionID market.RegionID
	Deals    int64
}

// GoingOn counts, region by region, the public deals that are announced or on sale.
func GoingOn(ctx context.Context, q db.Querier, now time.Time) ([]Going, error) {
	return db.All(ctx, q, func(r db.Row) (Going, error) {
		var g Going
		err := r.Scan(&g.RegionID, &g.Deals)
		return g, err
	}, `SELECT g.region_id, count(*) FROM deal d JOIN deal_region g ON g.deal_id = d.id
 WHERE d.state IN ('scheduled', 'on_sale', 'closing', 'asking') AND d.public_from <= $1 AND d.public_until > $1
 GROUP BY g.region_id`, db.Micros(now))
}

// ShownIn lists every region in which a public deal is shown, whatever its state.
func ShownIn(ctx context.Context, q db.Querier, now time.Time) ([]market.RegionID, error) {
	return db.All(ctx, q, db.Scalar[market.RegionID], `SELECT DISTINCT g.region_id FROM deal d
 JOIN deal_region g ON g.deal_id = d.id WHERE d.public_from <= $1 AND d.public_until > $1 ORDER BY g.region_id`,
		db.Micros(now))
}

// RegionsOf reads in which regions deals are shown.
func RegionsOf(
	ctx context.Context, q db.Querier, ids []market.DealID,
) (map[market.DealID][]market.RegionID, error) {
	type pair struct {
		deal   market.DealID
		region market.RegionID
	}
	rows, err := db.ByIDs(ctx, q, func(r db.Row) (pair, error) {
		var p pair
		err := r.Scan(&p.deal, &p.region)
		return p, err
	}, `SELECT deal_id, region_id FROM deal_region WHERE deal_id IN {ids} ORDER BY deal_id, region_id`, ids)
	out := make(map[market.DealID][]market.RegionID, len(ids))
	for _, p := range rows {
		out[p.deal] = append(out[p.deal], p.region)
	}
	return out, err
}

// Scope is what a neighbourhood's page may show: what lies in it, and what is shown to a larger place around it.
type Scope struct {
	codes []string // of the place, or of an area's members
	areas map[market.RegionID][]string
	all   bool
}

// ScopeOf reads the scope of a place; shown are the regions that deals are shown in, of which areas are looked up.
func ScopeOf(ctx context.Context, q db.Querier, of region.Region, shown []market.RegionID) (Scope, error) {
	s := Scope{all: of.Level == region.Country, areas: map[market.RegionID][]string{}}
	if s.all {
		return s, nil
	}
	s.codes = []string{codeOf(of.ID)}
	if of.Level == region.Area {
		members, err := memberCodes(ctx, q, of.ID)
		if err != nil {
			return s, err
		}
		s.codes = members
	}
	for _, id := range shown {
		if !strings.HasPrefix(string(id), region.PrefixArea+"_") {
			continue
		}
		members, err := memberCodes(ctx, q, id)
		if err != nil {
			return s, err
		}
		s.areas[id] = members
	}
	return s, nil
}

func memberCodes(ctx context.Context, q db.Querier, id market.RegionID) ([]string, error) {
	members, err := region.Members(ctx, q, id)
	codes := make([]string, len(members))
	for i, m := range members {
		codes[i] = codeOf(m.ID)
	}
	return codes, err
}

// codeOf takes the code out of a region's id: a larger region's code begins every smaller one's.
func codeOf(id market.RegionID) string {
	_, code, _ := strings.Cut(string(id), "_")
	return code
}

// Holds answers whether what is shown in a region belongs to the scope.
func (s Scope) Holds(id market.RegionID) bool {
	if s.all || id == region.Korea {
		return true
	}
	codes, isArea := s.areas[id]
	if !isArea {
		codes = []string{codeOf(id)}
	}
	for _, a := range codes {
		for _, b := range s.codes {
			if strings.HasPrefix(a, b) || strings.HasPrefix(b, a) {
				return true
			}
		}
	}
	return false
}

// Inside answers whether a region lies in the scope's own place: the neighbourhood's own comes first.
func (s Scope) Inside(id market.RegionID) bool {
	if s.all {
		return true
	}
	for _, b := range s.codes {
		if strings.HasPrefix(codeOf(id), b) {
			return true
		}
	}
	return false
}

// Of narrows regions to those the scope holds. A country's scope answers nil, which filters nothing.
func (s Scope) Of(shown []market.RegionID) []market.RegionID {
	if s.all {
		return nil
	}
	out := []market.RegionID{}
	for _, id := range shown {
		if s.Holds(id) {
			out = append(out, id)
		}
	}
	return out
}
