package directory

import (
	"regexp"
	"strings"

	"github.com/golang/geo/s2"

	"github.com/dure-commerce/dure/internal/kit/hangul"
	"github.com/dure-commerce/dure/internal/market"
)

// Sign is what a shop says of itself and one of its places.
type Sign struct {
	Name        string
	Address     string
	RegionID    market.RegionID
	CategoryID  market.CategoryID
	LatitudeE7  int64 // 0 with LongitudeE7 0: unknown
	LongitudeE7 int64
}

// Agreement is whether the register and a shop say the same.
type Agreement string

// The agreements. Unknown is what one of the two does not say.
const (
	Same    Agreement = "same"
	Differs Agreement = "differs"
	Unknown Agreement = "unknown"
)

// Comparison is an entry beside what a shop says.
type Comparison struct {
	Name, Address, Place, Kind, Spot Agreement
	Metres                           int64 // between the two on the map, while Spot is not Unknown
}

// Count gives in how many things the two differ.
func (c Comparison) Count() int {
	n := 0
	for _, one := range []Agreement{c.Name, c.Address, c.Place, c.Kind, c.Spot} {
		if one == Differs {
			n++
		}
	}
	return n
}

// apartMetres is how far two spots of one shop may lie from each other: the register marks houses, people doors.
const apartMetres = 150

// earthMetres is the mean radius of the earth.
const earthMetres = 6_371_010

// Compare puts an entry beside what a shop says. It judges nobody: a shop that moved, or changed its name, differs too.
func (e Entry) Compare(s Sign) Comparison {
	c := Comparison{
		Name: agree(e.Name != "" && s.Name != "", sameName(e, s.Name)),
		Address: agree(e.Door() != "" && s.Address != "",
			sameDoor(e.Address, s.Address) || sameDoor(e.LotAddress, s.Address)),
		Place: agree(e.Known() && s.RegionID != "", e.RegionID == s.RegionID),
		Kind:  agree(e.CategoryID != "" && s.CategoryID != "", e.CategoryID == s.CategoryID),
		Spot:  Unknown,
	}
	if e.HasPlace() && (s.LatitudeE7 != 0 || s.LongitudeE7 != 0) {
		angle := spot(e.LatitudeE7, e.LongitudeE7).Distance(spot(s.LatitudeE7, s.LongitudeE7))
		c.Metres = int64(angle.Radians()*earthMetres + 0.5)
		c.Spot = agree(true, c.Metres <= apartMetres)
	}
	return c
}

func spot(latE7, lngE7 int64) s2.LatLng {
	return s2.LatLngFromDegrees(float64(latE7)/1e7, float64(lngE7)/1e7)
}

func agree(known, same bool) Agreement {
	switch {
	case !known:
		return Unknown
	case same:
		return Same
	}
	return Differs
}

// sameName overlooks blanks, signs and capitals, and whether the branch is named.
func sameName(e Entry, name string) bool {
	said := hangul.Compact(name)
	return said == hangul.Compact(e.Name) || said == hangul.Compact(e.Title())
}

// sameDoor looks for the register's street and number in what a shop wrote: provinces are abbreviated and floors added,
// and a lane's number stands apart from its road or not.
func sameDoor(register, said string) bool {
	words := strings.Fields(joinLanes(register))
	if len(words) < 2 {
		return false
	}
	street, number := words[len(words)-2], words[len(words)-1]
	for rest := joinLanes(said); ; {
		_, after, found := strings.Cut(rest, street)
		if !found {
			return false
		}
		behind, numbered := strings.CutPrefix(strings.TrimLeft(after, " "), number)
		if numbered && ends(behind) {
			return true
		}
		rest = after
	}
}

// A lane is named by its road and a number: 성수이로18길, 동부로12번길, 왕십리로24나길. People part it as they like.
var (
	parted   = regexp.MustCompile(`(로|거리) *(\d+) *(번?[가-하]?안?길)( |,|\(|\d|$)`)
	laneNext = regexp.MustCompile(`^번?[가-하]?안?길`)
)

// joinLanes writes every lane in one word, with its house number apart: as the register does.
func joinLanes(address string) string {
	return strings.TrimRight(parted.ReplaceAllString(address, "$1$2$3 $4"), " ")
}

// ends tells that a house number is whole: 동교로 1 is not 동교로 12, not 동교로 1-2, and not in 동교로 1길.
func ends(behind string) bool {
	return behind == "" || behind[0] != '-' && !figures(behind[:1]) && !laneNext.MatchString(behind)
}
