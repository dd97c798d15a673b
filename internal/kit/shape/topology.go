package shape

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// depthMax bounds geometry collections inside geometry collections.
const depthMax = 8

// topology reads TopoJSON: lines shared by neighbours are stored once, and a shape names its lines in order, a
// negative number standing for the line walked backwards.
func (d *document) topology() ([]Feature, error) {
	t := topology{arcs: make([][]Point, len(d.Arcs)), bad: make([]error, len(d.Arcs))}
	for i, arc := range d.Arcs {
		t.arcs[i], t.bad[i] = d.line(arc)
	}
	var out []Feature
	for _, name := range slices.Sorted(maps.Keys(d.Objects)) {
		object := d.Objects[name]
		out = t.walk(out, &object, 0)
	}
	if len(out) == 0 {
		return nil, ErrNotMap
	}
	return out, nil
}

// line resolves one arc: with a transform its positions are whole steps from the one before.
func (d *document) line(arc [][]float64) ([]Point, error) {
	points := make([]Point, 0, len(arc))
	var x, y float64
	for _, position := range arc {
		if len(position) < 2 {
			return nil, ErrNotDegrees
		}
		at := position
		if d.Transform != nil {
			x, y = x+position[0], y+position[1]
			at = []float64{x, y}
		}
		p, err := toPoint(at, d.Transform)
		if err != nil {
			return nil, err
		}
		points = append(points, p)
	}
	return points, nil
}

type topology struct {
	arcs [][]Point
	bad  []error
}

func (t *topology) walk(out []Feature, g *geometry, depth int) []Feature {
	if g.Type == "GeometryCollection" && depth < depthMax {
		for i := range g.Geometries {
			out = t.walk(out, &g.Geometries[i], depth+1)
		}
		return out
	}
	feature := Feature{Properties: texts(g.Properties)}
	feature.Shape, feature.Err = t.shape(g)
	return append(out, feature)
}

func (t *topology) shape(g *geometry) (Shape, error) {
	var groups [][][]int
	switch g.Type {
	case "Polygon":
		var one [][]int
		if err := json.Unmarshal(g.Arcs, &one); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNoOutline, err)
		}
		groups = [][][]int{one}
	case "MultiPolygon":
		if err := json.Unmarshal(g.Arcs, &groups); err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNoOutline, err)
		}
	default:
		return nil, ErrNoOutline
	}
	s := make(Shape, 0, len(groups))
	for _, rings := range groups {
		polygon := make(Polygon, 0, len(rings))
		for _, indexes := range rings {
			ring, err := t.ring(indexes)
			if err != nil {
				return nil, err
			}
			polygon = append(polygon, ring)
		}
		s = append(s, polygon)
	}
	return s.withoutSlivers()
}

// pointsMax bounds one ring, since a short file may name a long arc many times.
const pointsMax = 2_000_000

func (t *topology) ring(indexes []int) (Ring, error) {
	var line []Point
	for _, index := range indexes {
		at, backwards := index, false
		if index < 0 {
			at, backwards = ^index, true
		}
		if at >= len(t.arcs) {
			return nil, ErrBadArc
		}
		if t.bad[at] != nil {
			return nil, t.bad[at]
		}
		arc := t.arcs[at]
		if backwards {
			arc = slices.Clone(arc)
			slices.Reverse(arc)
		}
		if len(line) > 0 && len(arc) > 0 {
			if line[len(line)-1] != arc[0] {
				return nil, ErrOpenRing
			}
			arc = arc[1:]
		}
		if len(line)+len(arc) > pointsMax {
			return nil, ErrTooLong
		}
		line = append(line, arc...)
	}
	return closeRing(line)
}
