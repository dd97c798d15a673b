package region

import (
	"context"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/shape"
	"github.com/dure-commerce/dure/internal/market"
)

// Place is what a register says of where something is.
type Place struct {
	Province      string // 서울특별시, 서울
	District      string // 강남구, 수원시 팔달구
	Neighbourhood string // 역삼1동
	At            shape.Point
}

// How tells by what a place was matched.
type How string

// The ways, from the surest.
const (
	ByName     How = "name"     // all names are known
	ByPlace    How = "place"    // the point lies in a neighbourhood of the named district
	ByDistrict How = "district" // the neighbourhood is unknown here
	ByProvince How = "province" // the district is unknown here
	Unmatched  How = "none"     // nothing is known
)

// Match is the answer for a place.
type Match struct {
	RegionID   market.RegionID // the country when nothing matched
	DistrictID market.RegionID // the district that it is or lies in, "" when that is unknown
	How        How
}

// Atlas answers where places are, from memory: for registers of many rows. It is made once and never changes.
type Atlas struct {
	provinces map[string]market.RegionID
	districts map[inside]market.RegionID
	dongs     map[inside]market.RegionID
	outlines  map[market.RegionID][]outlined // neighbourhoods by district
	parents   map[market.RegionID]market.RegionID
	sole      map[market.RegionID]market.RegionID // the one district of a province that has only one
}

type inside struct {
	parent market.RegionID
	name   string
}

type outlined struct {
	id    market.RegionID
	box   shape.Box
	shape shape.Shape
}

// LoadAtlas reads all regions and the outlines of neighbourhoods: about 6 MB of memory for the whole country.
func LoadAtlas(ctx context.Context, q db.Querier) (*Atlas, error) {
	regions, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM region WHERE level <> $1 ORDER BY code`, Area)
	if err != nil {
		return nil, err
	}
	a := &Atlas{
		provinces: map[string]market.RegionID{}, districts: map[inside]market.RegionID{},
		dongs: map[inside]market.RegionID{}, outlines: map[market.RegionID][]outlined{},
		parents: map[market.RegionID]market.RegionID{}, sole: map[market.RegionID]market.RegionID{},
	}
	byID := map[market.RegionID]Region{}
	count := map[market.RegionID]int{}
	for _, r := range regions {
		byID[r.ID], a.parents[r.ID] = r, r.ParentID
		a.add(r, r.Name)
		count[r.ParentID]++
		if r.Level == District {
			a.sole[r.ParentID] = r.ID
		}
	}
	for parent, n := range count {
		if n > 1 {
			delete(a.sole, parent)
		}
	}
	shipped, err := Shipped()
	if err != nil {
		return nil, err
	}
	for _, k := range shipped {
		if _, stored := byID[k.ID]; stored {
			a.addKnown(k)
		}
	}
	return a, a.loadOutlines(ctx, q, byID)
}

func (a *Atlas) add(r Region, name string) {
	switch r.Level {
	case Province:
		a.provinces[foldName(name)] = r.ID
	case District:
		a.districts[inside{r.ParentID, foldName(name)}] = r.ID
	case Neighbourhood:
		a.dongs[inside{r.ParentID, foldName(name)}] = r.ID
	}
}

// addKnown adds the other names of a shipped region. One that begins with a province's name is a district that lies in
// that province today (대구광역시 군위군).
func (a *Atlas) addKnown(k Known) {
	if k.Short != "" {
		a.add(k.Region, k.Short)
	}
	for _, also := range k.Also {
		province, rest, several := strings.Cut(also, " ")
		if id, found := a.provinces[foldName(province)]; several && found {
			a.districts[inside{id, foldName(rest)}] = k.ID
			continue
		}
		a.add(k.Region, also)
	}
}

func (a *Atlas) loadOutlines(ctx context.Context, q db.Querier, byID map[market.RegionID]Region) error {
	type pair struct {
		id   market.RegionID
		data []byte
	}
	pairs, err := db.All(ctx, q, func(row db.Row) (pair, error) {
		var p pair
		err := row.Scan(&p.id, &p.data)
		return p, err
	}, `SELECT region_shape.region_id, region_shape.outline FROM region_shape
		JOIN region ON region.id = region_shape.region_id WHERE region.level = $1 ORDER BY region.code`, Neighbourhood)
	if err != nil {
		return err
	}
	for _, p := range pairs {
		s, err := shape.Decode(p.data)
		if err != nil {
			return err
		}
		r := byID[p.id]
		a.outlines[r.ParentID] = append(a.outlines[r.ParentID], outlined{r.ID, r.Box, s})
	}
	return nil
}

// Match finds the region of a place by its names, and where they do not suffice by its point: boundaries and names of
// neighbourhoods change every year, and registers are newer than outlines.
func (a *Atlas) Match(p Place) Match {
	province := a.provinces[foldName(p.Province)]
	district := a.district(province, p.District)
	if district == "" {
		if id := a.at(province, p.At); id != "" {
			return Match{id, a.parents[id], ByPlace}
		}
		if province == "" {
			return Match{Korea, "", Unmatched}
		}
		return Match{province, "", ByProvince}
	}
	if id, found := a.dongs[inside{district, foldName(p.Neighbourhood)}]; found {
		return Match{id, district, ByName}
	}
	for _, o := range a.outlines[district] {
		if o.box.Has(p.At) && o.shape.Contains(p.At) {
			return Match{o.id, district, ByPlace}
		}
	}
	return Match{district, district, ByDistrict}
}

// district finds a district by name; a city's new district (부천시 원미구) is the city as long as the list has it whole.
func (a *Atlas) district(province market.RegionID, name string) market.RegionID {
	if id, found := a.districts[inside{province, foldName(name)}]; found {
		return id
	}
	if city, _, parted := strings.Cut(name, " "); parted {
		if id, found := a.districts[inside{province, foldName(city)}]; found {
			return id
		}
	}
	if strings.TrimSpace(name) == "" {
		return a.sole[province]
	}
	return ""
}

// at gives the neighbourhood that holds the point, in the given province if one is given.
func (a *Atlas) at(province market.RegionID, p shape.Point) market.RegionID {
	for district, list := range a.outlines {
		if province != "" && a.parents[district] != province {
			continue
		}
		for _, o := range list {
			if o.box.Has(p) && o.shape.Contains(p) {
				return o.id
			}
		}
	}
	return ""
}
