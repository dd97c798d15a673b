package shape

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Feature is one named outline of a file. Err tells why its outline could not be read; the others are still good.
type Feature struct {
	Properties map[string]string // values as text; nested values are left out
	Shape      Shape
	Err        error
}

// Errors of a whole file, matched with errors.Is.
var (
	ErrNotMap  = errors.New("shape: neither TopoJSON nor GeoJSON")
	ErrTooLong = errors.New("shape: file too long")
)

// Errors of one feature, matched with errors.Is.
var (
	ErrNoOutline  = errors.New("shape: no polygon")
	ErrBadArc     = errors.New("shape: arc out of range")
	ErrOpenRing   = errors.New("shape: ring not closed")
	ErrSmallRing  = errors.New("shape: every ring collapsed to a line")
	ErrNotDegrees = errors.New("shape: coordinates are not degrees")
)

// BytesMax bounds a file: the finest outlines of the whole country stay well below it.
const BytesMax = 256 << 20

// Read reads a TopoJSON topology or a GeoJSON feature collection.
func Read(r io.Reader) ([]Feature, error) {
	limited := &io.LimitedReader{R: r, N: BytesMax + 1}
	var doc document
	decoder := json.NewDecoder(limited)
	if err := decoder.Decode(&doc); err != nil {
		if limited.N <= 0 {
			return nil, ErrTooLong
		}
		return nil, fmt.Errorf("%w: %w", ErrNotMap, err)
	}
	switch doc.Type {
	case "Topology":
		return doc.topology()
	case "FeatureCollection":
		return doc.collection(), nil
	default:
		return nil, ErrNotMap
	}
}

// document is the union of both formats' top levels.
type document struct {
	Type      string              `json:"type"`
	Transform *transform          `json:"transform"`
	Arcs      [][][]float64       `json:"arcs"`
	Objects   map[string]geometry `json:"objects"`
	Features  []geoFeature        `json:"features"`
}

type transform struct {
	Scale     [2]float64 `json:"scale"`
	Translate [2]float64 `json:"translate"`
}

type geometry struct {
	Type        string                     `json:"type"`
	Arcs        json.RawMessage            `json:"arcs"`
	Coordinates json.RawMessage            `json:"coordinates"`
	Properties  map[string]json.RawMessage `json:"properties"`
	Geometries  []geometry                 `json:"geometries"`
}

type geoFeature struct {
	Properties map[string]json.RawMessage `json:"properties"`
	Geometry   *geometry                  `json:"geometry"`
}

// texts keeps strings, numbers and booleans as text.
func texts(raw map[string]json.RawMessage) map[string]string {
	out := make(map[string]string, len(raw))
	for name, value := range raw {
		var s string
		var n json.Number
		switch {
		case json.Unmarshal(value, &s) == nil:
			if string(value) != "null" {
				out[name] = s
			}
		case json.Unmarshal(value, &n) == nil:
			out[name] = n.String()
		}
	}
	return out
}

// collection reads GeoJSON.
func (d *document) collection() []Feature {
	out := make([]Feature, 0, len(d.Features))
	for _, f := range d.Features {
		feature := Feature{Properties: texts(f.Properties)}
		if f.Geometry == nil {
			feature.Err = ErrNoOutline
		} else {
			feature.Shape, feature.Err = f.Geometry.plain()
		}
		out = append(out, feature)
	}
	return out
}

// plain reads a GeoJSON geometry.
func (g *geometry) plain() (Shape, error) {
	var groups [][][][]float64
	switch g.Type {
	case "Polygon":
		var one [][][]float64
		if err := json.Unmarshal(g.Coordinates, &one); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNoOutline, err)
		}
		groups = [][][][]float64{one}
	case "MultiPolygon":
		if err := json.Unmarshal(g.Coordinates, &groups); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNoOutline, err)
		}
	default:
		return nil, ErrNoOutline
	}
	s := make(Shape, 0, len(groups))
	for _, rings := range groups {
		polygon := make(Polygon, 0, len(rings))
		for _, positions := range rings {
			line := make([]Point, 0, len(positions))
			for _, position := range positions {
				p, err := toPoint(position, nil)
				if err != nil {
					return nil, err
				}
				line = append(line, p)
			}
			ring, err := closeRing(line)
			if err != nil {
				return nil, err
			}
			polygon = append(polygon, ring)
		}
		s = append(s, polygon)
	}
	return s.withoutSlivers()
}

// withoutSlivers leaves out rings that simplification has collapsed to a line or a point, as published outlines have
// them for small islands; a shape of which nothing remains is refused.
func (s Shape) withoutSlivers() (Shape, error) {
	if len(s) == 0 {
		return nil, ErrNoOutline
	}
	kept := s[:0]
	for _, polygon := range s {
		if len(polygon) == 0 || len(polygon[0]) < 3 {
			continue
		}
		polygon = slices.DeleteFunc(polygon, func(r Ring) bool { return len(r) < 3 })
		kept = append(kept, polygon)
	}
	if len(kept) == 0 {
		return nil, ErrSmallRing
	}
	return kept, nil
}

// toPoint reads a position (longitude first, as both formats have it).
func toPoint(position []float64, t *transform) (Point, error) {
	if len(position) < 2 {
		return Point{}, ErrNotDegrees
	}
	lng, lat := position[0], position[1]
	if t != nil {
		lng, lat = lng*t.Scale[0]+t.Translate[0], lat*t.Scale[1]+t.Translate[1]
	}
	// Written so that a NaN fails too.
	if !(lat >= -90 && lat <= 90 && lng >= -180 && lng <= 180) {
		return Point{}, ErrNotDegrees
	}
	return Degrees(lat, lng), nil
}

// closeRing takes the repeated last corner off and refuses lines that do not come back to their beginning.
func closeRing(line []Point) (Ring, error) {
	if len(line) < 2 || line[0] != line[len(line)-1] {
		return nil, ErrOpenRing
	}
	ring := Ring(slices.Compact(line[:len(line)-1]))
	for len(ring) > 1 && ring[0] == ring[len(ring)-1] {
		ring = ring[:len(ring)-1]
	}
	return ring, nil
}
