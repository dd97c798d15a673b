package shape

import "math"

// Unit is the number of steps in a degree: a step is 1.1 cm of latitude.
const Unit = 10_000_000

// Point is a place in 1e-7 degrees.
type Point struct{ Lat, Lng int64 }

// Degrees makes a point of decimal degrees, rounded to the nearest step.
func Degrees(lat, lng float64) Point {
	return Point{Lat: int64(math.Round(lat * Unit)), Lng: int64(math.Round(lng * Unit))}
}

// Ring is a closed line; its last point joins the first without being repeated.
type Ring []Point

// Polygon is an outer ring followed by its holes.
type Polygon []Ring

// Shape is a group of polygons: a mainland and its islands.
type Shape []Polygon

// Box is the smallest frame around a shape, borders included.
type Box struct{ MinLat, MinLng, MaxLat, MaxLng int64 }

// Has reports whether a point lies in the frame.
func (b Box) Has(p Point) bool {
	return p.Lat >= b.MinLat && p.Lat <= b.MaxLat && p.Lng >= b.MinLng && p.Lng <= b.MaxLng
}

// Grow widens the frame by the same number of steps on every side.
func (b Box) Grow(by int64) Box {
	return Box{b.MinLat - by, b.MinLng - by, b.MaxLat + by, b.MaxLng + by}
}

// Join gives the frame around both; the zero Box is nobody's frame and joins as nothing.
func (b Box) Join(o Box) Box {
	switch {
	case b == Box{}:
		return o
	case o == Box{}:
		return b
	}
	return Box{min(b.MinLat, o.MinLat), min(b.MinLng, o.MinLng), max(b.MaxLat, o.MaxLat), max(b.MaxLng, o.MaxLng)}
}

// Box gives the frame of the shape, the zero Box when it is empty.
func (s Shape) Box() Box {
	var b Box
	for _, polygon := range s {
		for _, ring := range polygon {
			for _, p := range ring {
				b = b.Join(Box{p.Lat, p.Lng, p.Lat, p.Lng})
			}
		}
	}
	return b
}

// Points counts the corners.
func (s Shape) Points() int {
	n := 0
	for _, polygon := range s {
		for _, ring := range polygon {
			n += len(ring)
		}
	}
	return n
}

// Contains reports whether a point is inside, by counting the borders west of it. A point on a border between two
// shapes belongs to exactly one of them.
func (s Shape) Contains(p Point) bool {
	inside := false
	for _, polygon := range s {
		for _, ring := range polygon {
			if ring.crossedWest(p) {
				inside = !inside
			}
		}
	}
	return inside
}

// crossedWest reports whether a line from the point to the west crosses the ring an odd number of times.
func (r Ring) crossedWest(p Point) bool {
	odd := false
	for i, b := range r {
		a := r[(i+len(r)-1)%len(r)]
		if (a.Lat > p.Lat) == (b.Lat > p.Lat) {
			continue
		}
		if a.Lat > b.Lat {
			a, b = b, a
		}
		if (p.Lng-a.Lng)*(b.Lat-a.Lat) >= (b.Lng-a.Lng)*(p.Lat-a.Lat) {
			odd = !odd
		}
	}
	return odd
}

// doubleArea is twice the area in square steps, positive when the ring runs anticlockwise.
func (r Ring) doubleArea() int64 {
	if len(r) == 0 {
		return 0
	}
	var sum int64
	o := r[0]
	for i, b := range r {
		a := r[(i+len(r)-1)%len(r)]
		sum += (a.Lng-o.Lng)*(b.Lat-o.Lat) - (b.Lng-o.Lng)*(a.Lat-o.Lat)
	}
	return sum
}

// Centre gives a point inside the largest polygon, where a label may stand: its centre of mass, or, when that falls
// outside (a bay, a hole), the middle of the widest stretch at that latitude.
func (s Shape) Centre() Point {
	var main Polygon
	var best int64 = -1
	for _, polygon := range s {
		if len(polygon) == 0 {
			continue
		}
		if area := abs(polygon[0].doubleArea()); area > best {
			best, main = area, polygon
		}
	}
	if best < 0 {
		return Point{}
	}
	mass := main[0].massCentre()
	if (Shape{main}).Contains(mass) {
		return mass
	}
	return main.widestAt(mass)
}

func (r Ring) massCentre() Point {
	o := r[0]
	var lat, lng, area float64
	for i, b := range r {
		a := r[(i+len(r)-1)%len(r)]
		ay, ax := float64(a.Lat-o.Lat), float64(a.Lng-o.Lng)
		by, bx := float64(b.Lat-o.Lat), float64(b.Lng-o.Lng)
		cross := ax*by - bx*ay
		lat += (ay + by) * cross
		lng += (ax + bx) * cross
		area += cross
	}
	if area == 0 {
		return o
	}
	return Point{o.Lat + int64(math.Round(lat/(3*area))), o.Lng + int64(math.Round(lng/(3*area)))}
}

// cosine is how much shorter a step of longitude is than one of latitude.
func cosine(lat int64) float64 {
	return math.Cos(float64(lat) / Unit * math.Pi / 180)
}

// Metres gives the distance from a point to the nearest border, 0 inside; it is meant for a few kilometres.
func (s Shape) Metres(p Point) float64 {
	if s.Contains(p) {
		return 0
	}
	shrink := cosine(p.Lat)
	best := math.Inf(1)
	for _, polygon := range s {
		for _, ring := range polygon {
			for i, b := range ring {
				a := ring[(i+len(ring)-1)%len(ring)]
				best = min(best, squareToEdge(p, a, b, shrink))
			}
		}
	}
	return math.Sqrt(best) * metresPerStep
}

const metresPerStep = 111_320.0 / Unit

func squareToEdge(p, a, b Point, shrink float64) float64 {
	ax, ay := float64(a.Lng-p.Lng)*shrink, float64(a.Lat-p.Lat)
	dx, dy := float64(b.Lng-a.Lng)*shrink, float64(b.Lat-a.Lat)
	t := 0.0
	if length := dx*dx + dy*dy; length > 0 {
		t = max(0, min(1, -(ax*dx+ay*dy)/length))
	}
	x, y := ax+t*dx, ay+t*dy
	return x*x + y*y
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}
