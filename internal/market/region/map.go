package region

import (
	"context"
	"math"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/shape"
	"github.com/dure-commerce/dure/internal/market"
)

// Map is the drawing of what lies directly in a region.
type Map struct {
	Of      Region
	Width   int // of the drawing, or columns of tiles
	Height  int
	Tiles   bool // squares instead of outlines, because not every outline is loaded
	Places  []MapPlace
	Credits []string // whose outlines they are; a page that draws them says so
}

// MapPlace is one region of a map.
type MapPlace struct {
	Region
	Path string // SVG path, "" on a tile map
	X, Y int    // where its label stands, or its column and row
}

// LoadMap draws the regions directly inside one, areas excepted, at the given width in units. While outlines are
// missing it gives a map of tiles: the shipped one, or rows of squares in the order of codes.
func LoadMap(ctx context.Context, q db.Querier, id market.RegionID, width int) (Map, error) {
	of, err := Find(ctx, q, id)
	if err != nil {
		return Map{}, err
	}
	children, err := Children(ctx, q, id)
	if err != nil {
		return Map{}, err
	}
	m := Map{Of: of}
	complete := true
	for _, r := range children {
		if r.Level == Area {
			continue
		}
		complete = complete && r.HasShape()
		m.Places = append(m.Places, MapPlace{Region: r})
	}
	if !complete || len(m.Places) == 0 {
		return m.tiles()
	}
	return m.outlines(ctx, q, width)
}

func (m Map) outlines(ctx context.Context, q db.Querier, width int) (Map, error) {
	var box shape.Box
	for _, p := range m.Places {
		box = box.Join(p.Box)
	}
	view := shape.View{Box: box, Width: width}
	m.Width, m.Height = width, view.Height()
	type drawn struct {
		id     market.RegionID
		data   []byte
		credit string
	}
	rows, err := db.All(ctx, q, func(row db.Row) (drawn, error) {
		var d drawn
		err := row.Scan(&d.id, &d.data, &d.credit)
		return d, err
	}, `SELECT region_shape.region_id, region_shape.outline, region_shape.credit FROM region_shape
		JOIN region ON region.id = region_shape.region_id WHERE region.parent_id = $1 ORDER BY region.code`, m.Of.ID)
	if err != nil {
		return m, err
	}
	paths, credits := map[market.RegionID]string{}, map[string]bool{}
	for _, d := range rows {
		s, err := shape.Decode(d.data)
		if err != nil {
			return m, err
		}
		paths[d.id] = s.Path(view)
		if !credits[d.credit] {
			credits[d.credit] = true
			m.Credits = append(m.Credits, d.credit)
		}
	}
	for i, p := range m.Places {
		m.Places[i].Path = paths[p.ID]
		m.Places[i].X, m.Places[i].Y = view.Place(p.Centre)
	}
	return m, nil
}

func (m Map) tiles() (Map, error) {
	m.Tiles = true
	shipped, err := Shipped()
	if err != nil {
		return m, err
	}
	tile := map[market.RegionID]Tile{}
	for _, k := range shipped {
		tile[k.ID] = k.Tile
	}
	whole := true
	for _, p := range m.Places {
		at, found := tile[p.ID]
		whole = whole && found && at != onNone
	}
	columns := int(math.Ceil(math.Sqrt(float64(len(m.Places)))))
	for i, p := range m.Places {
		at := Tile{Column: i % max(columns, 1), Row: i / max(columns, 1)}
		if whole {
			at = tile[p.ID]
		}
		m.Places[i].X, m.Places[i].Y = at.Column, at.Row
		m.Width, m.Height = max(m.Width, at.Column+1), max(m.Height, at.Row+1)
	}
	return m, nil
}
