package shape

import (
	"math"
	"strconv"
)

// View is a drawing surface: the frame to show and its width in whole drawing units.
type View struct {
	Box   Box
	Width int
}

// Height gives the drawing's height in units, at least 1, with the frame's true proportions at its middle latitude.
func (v View) Height() int {
	wide := float64(v.Box.MaxLng-v.Box.MinLng) * cosine((v.Box.MinLat+v.Box.MaxLat)/2)
	if wide <= 0 {
		return 1
	}
	return max(1, int(math.Round(float64(v.Box.MaxLat-v.Box.MinLat)/wide*float64(v.Width))))
}

// Place gives the drawing position of a point; north is up.
func (v View) Place(p Point) (x, y int) {
	wide, high := v.Box.MaxLng-v.Box.MinLng, v.Box.MaxLat-v.Box.MinLat
	if wide <= 0 || high <= 0 {
		return 0, 0
	}
	x = int(math.Round(float64(p.Lng-v.Box.MinLng) * float64(v.Width) / float64(wide)))
	y = int(math.Round(float64(v.Box.MaxLat-p.Lat) * float64(v.Height()) / float64(high)))
	return x, y
}

// Path draws the shape as an SVG path. Every corner snaps to the same whole unit whichever shape it belongs to, so
// neighbours keep their common border without gaps; rings smaller than a unit vanish.
func (s Shape) Path(v View) string {
	out := make([]byte, 0, 256)
	for _, polygon := range s {
		for _, ring := range polygon {
			out = appendRing(out, ring, v)
		}
	}
	return string(out)
}

func appendRing(out []byte, ring Ring, v View) []byte {
	type spot struct{ x, y int }
	spots := make([]spot, 0, len(ring))
	for _, p := range ring {
		x, y := v.Place(p)
		if n := len(spots); n == 0 || spots[n-1] != (spot{x, y}) {
			spots = append(spots, spot{x, y})
		}
	}
	for len(spots) > 1 && spots[0] == spots[len(spots)-1] {
		spots = spots[:len(spots)-1]
	}
	if len(spots) < 3 {
		return out
	}
	out = append(out, 'M')
	out = appendPair(out, spots[0].x, spots[0].y)
	out = append(out, 'l')
	for i := 1; i < len(spots); i++ {
		x, y := spots[i].x-spots[i-1].x, spots[i].y-spots[i-1].y
		if i > 1 && x >= 0 { // a minus sign separates by itself
			out = append(out, ' ')
		}
		out = appendPair(out, x, y)
	}
	return append(out, 'z')
}

func appendPair(out []byte, x, y int) []byte {
	out = strconv.AppendInt(out, int64(x), 10)
	if y >= 0 {
		out = append(out, ' ')
	}
	return strconv.AppendInt(out, int64(y), 10)
}
