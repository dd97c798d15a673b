package shape

import "slices"

// widestAt gives the middle of the longest stretch inside the polygon along the latitude of p. When no stretch exists
// there (a polygon thinner than a step), its first corner answers.
func (g Polygon) widestAt(p Point) Point {
	var cuts []int64
	for _, ring := range g {
		for i, b := range ring {
			a := ring[(i+len(ring)-1)%len(ring)]
			if (a.Lat > p.Lat) == (b.Lat > p.Lat) {
				continue
			}
			share := float64(p.Lat-a.Lat) / float64(b.Lat-a.Lat)
			cuts = append(cuts, a.Lng+int64(share*float64(b.Lng-a.Lng)))
		}
	}
	slices.Sort(cuts)
	answer, widest := g[0][0], int64(-1)
	for i := 0; i+1 < len(cuts); i += 2 {
		if width := cuts[i+1] - cuts[i]; width > widest {
			widest, answer = width, Point{p.Lat, cuts[i] + width/2}
		}
	}
	return answer
}
