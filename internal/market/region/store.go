package region

import (
	"context"
	"slices"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/shape"
	"github.com/dure-commerce/dure/internal/market"
)

const columns = `region.id, region.parent_id, region.level, region.code, region.name, region.name_en, region.full_name,
	region.full_name_en, region.latitude_e7, region.longitude_e7, region.min_latitude_e7, region.min_longitude_e7,
	region.max_latitude_e7, region.max_longitude_e7, region.version`

func dest(r *Region) []any {
	return []any{&r.ID, db.Text(&r.ParentID), &r.Level, &r.Code, &r.Name, &r.NameEN, &r.FullName, &r.FullNameEN,
		&r.Centre.Lat, &r.Centre.Lng, &r.Box.MinLat, &r.Box.MinLng, &r.Box.MaxLat, &r.Box.MaxLng, &r.Version}
}

func scan(row db.Row) (Region, error) {
	var r Region
	err := row.Scan(dest(&r)...)
	return r, err
}

// Find gives one region, or ErrNotFound.
func Find(ctx context.Context, q db.Querier, id market.RegionID) (Region, error) {
	r, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM region WHERE id = $1`, id)
	if db.IsNoRow(err) {
		return r, ErrNotFound
	}
	return r, err
}

// Children gives the regions directly inside a region in the order of their codes, areas last.
func Children(ctx context.Context, q db.Querier, id market.RegionID) ([]Region, error) {
	rows, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM region WHERE parent_id = $1 ORDER BY code, id`, id)
	slices.SortStableFunc(rows, func(a, b Region) int { return a.Level.depth() - b.Level.depth() })
	return rows, err
}

// List gives all regions of a level in the order of their codes.
func List(ctx context.Context, q db.Querier, level Level) ([]Region, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM region WHERE level = $1 ORDER BY code, id`, level)
}

// Ancestors gives the regions around a region, the country first and the region itself not among them.
func Ancestors(ctx context.Context, q db.Querier, id market.RegionID) ([]Region, error) {
	rows, err := db.All(ctx, q, scan, `WITH RECURSIVE around(id) AS (
			SELECT parent_id FROM region WHERE id = $1
			UNION SELECT region.parent_id FROM region JOIN around ON region.id = around.id
		)
		SELECT `+columns+` FROM region JOIN around ON region.id = around.id`, id)
	slices.SortFunc(rows, func(a, b Region) int { return a.Level.depth() - b.Level.depth() })
	return rows, err
}

// Within gives the ids of a region and of everything inside it; of an area, its members and everything inside them.
func Within(ctx context.Context, q db.Querier, id market.RegionID) ([]market.RegionID, error) {
	return db.All(ctx, q, db.Scalar[market.RegionID], `WITH RECURSIVE inside(id) AS (
			SELECT id FROM region WHERE id = $1
			UNION SELECT member_id FROM region_area_member WHERE area_id = $1
			UNION SELECT region.id FROM region JOIN inside ON region.parent_id = inside.id
		)
		SELECT id FROM inside ORDER BY id`, id)
}

// Covering gives the ids of a region, of those around it, and of the areas that any of them belongs to: the places
// whose deals concern somebody there.
func Covering(ctx context.Context, q db.Querier, id market.RegionID) ([]market.RegionID, error) {
	return db.All(ctx, q, db.Scalar[market.RegionID], `WITH RECURSIVE around(id) AS (
			SELECT id FROM region WHERE id = $1
			UNION SELECT region.parent_id FROM region JOIN around ON region.id = around.id
			WHERE region.parent_id IS NOT NULL
		)
		SELECT id FROM around
		UNION SELECT area_id FROM region_area_member JOIN around ON region_area_member.member_id = around.id
		ORDER BY id`, id)
}

// Concerning gives the ids of everything that concerns who looks at a place: itself, what lies in it, and what it lies
// in; nil for the whole country, which leaves nothing out. ErrNotFound when there is no such place.
func Concerning(ctx context.Context, q db.Querier, id market.RegionID) ([]market.RegionID, error) {
	if id == Korea {
		return nil, nil
	}
	inside, err := Within(ctx, q, id)
	if err != nil {
		return nil, err
	}
	if len(inside) == 0 {
		return nil, ErrNotFound
	}
	around, err := Covering(ctx, q, id)
	all := append(inside, around...)
	slices.Sort(all)
	return slices.Compact(all), err
}

// Members gives the regions of an area.
func Members(ctx context.Context, q db.Querier, area market.RegionID) ([]Region, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM region
		JOIN region_area_member ON region_area_member.member_id = region.id
		WHERE region_area_member.area_id = $1 ORDER BY region.code`, area)
}

// nearMetresMax is how far off an outline a place may be and still belong to it: outlines are simplified, and quays and
// beaches fall off their edge.
const nearMetresMax = 2_000

// Locate gives the regions that hold a point, the country first and the smallest loaded level last.
func Locate(ctx context.Context, q db.Querier, p shape.Point) ([]Region, error) {
	for _, level := range []Level{Neighbourhood, District, Province} {
		found, err := holding(ctx, q, level, p)
		if err != nil {
			return nil, err
		}
		if found == nil {
			continue
		}
		around, err := Ancestors(ctx, q, found.ID)
		return append(around, *found), err
	}
	return nil, ErrOutside
}

// holding gives the region of a level that holds the point, or the nearest one close by, or nil.
func holding(ctx context.Context, q db.Querier, level Level, p shape.Point) (*Region, error) {
	const margin = shape.Unit / 40 // 2.5 km of longitude or more
	candidates, err := db.All(ctx, q, scan, `SELECT `+columns+` FROM region WHERE level = $1
		AND min_latitude_e7 <= $2 AND max_latitude_e7 >= $3 AND min_longitude_e7 <= $4 AND max_longitude_e7 >= $5
		AND max_latitude_e7 <> 0 ORDER BY code`,
		level, p.Lat+margin, p.Lat-margin, p.Lng+margin, p.Lng-margin)
	if err != nil {
		return nil, err
	}
	var best *Region
	nearest := float64(nearMetresMax)
	for i := range candidates {
		outline, err := Outline(ctx, q, candidates[i].ID)
		if err != nil {
			return nil, err
		}
		if outline.Contains(p) {
			return &candidates[i], nil
		}
		if d := outline.Metres(p); d < nearest {
			best, nearest = &candidates[i], d
		}
	}
	return best, nil
}

// Outline gives a region's shape, ErrNotFound while none is loaded.
func Outline(ctx context.Context, q db.Querier, id market.RegionID) (shape.Shape, error) {
	data, err := db.One(ctx, q, db.Scalar[[]byte], `SELECT outline FROM region_shape WHERE region_id = $1`, id)
	if db.IsNoRow(err) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return shape.Decode(data)
}
