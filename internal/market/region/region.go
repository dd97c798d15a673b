package region

import (
	"strings"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/shape"
	"github.com/dure-commerce/dure/internal/market"
)

// Level is how large a region is.
type Level string

// The levels, from the largest. An area is a group of regions of any level below the country.
const (
	Country       Level = "country"
	Province      Level = "province"
	District      Level = "district"
	Neighbourhood Level = "neighbourhood"
	Area          Level = "area"
)

// depth orders levels for lists: larger regions first, areas between districts and neighbourhoods.
func (l Level) depth() int {
	switch l {
	case Country:
		return 0
	case Province:
		return 1
	case District:
		return 2
	case Area:
		return 3
	}
	return 4
}

// Korea is the country, the parent of all provinces.
const Korea market.RegionID = "country_kr"

// IDOf names a region by its level and code, so that every instance names the same place alike.
func IDOf(level Level, code string) market.RegionID {
	return market.RegionID(string(level) + "_" + strings.ToLower(code))
}

// Region is one place.
type Region struct {
	ID         market.RegionID
	ParentID   market.RegionID // "" for the country
	Level      Level
	Code       string // Statistics Korea's code; an area's own id
	Name       string // 역삼1동
	NameEN     string // Yeoksam 1-dong
	FullName   string // 서울특별시 강남구 역삼1동
	FullNameEN string // Yeoksam 1-dong, Gangnam-gu, Seoul
	Centre     shape.Point
	Box        shape.Box // zero while no outline is loaded
	Version    int64
}

// HasShape reports that an outline is loaded.
func (r Region) HasShape() bool { return r.Box != shape.Box{} }

// Label gives the region's own name in a language; anything but English reads Korean.
func (r Region) Label(locale string) string {
	if locale == "en" && r.NameEN != "" {
		return r.NameEN
	}
	return r.Name
}

// FullLabel gives the name with the places it lies in.
func (r Region) FullLabel(locale string) string {
	if locale == "en" && r.FullNameEN != "" {
		return r.FullNameEN
	}
	return r.FullName
}

// Errors of the package.
var (
	// ErrNotFound answers an id that is no region's.
	ErrNotFound = fail.New(fail.NotFound, "region.not_found")
	// ErrOutside answers a point in no region, or any point while no outlines are loaded.
	ErrOutside = fail.New(fail.NotFound, "region.outside")
	// ErrCodeLength refuses a code that is of no known level. Args: Code.
	ErrCodeLength = fail.New(fail.Invalid, "region.code_length")
	// ErrCodeDigits refuses a code that is not all digits. Args: Code.
	ErrCodeDigits = fail.New(fail.Invalid, "region.code_digits")
	// ErrNoCode refuses an outline without a code.
	ErrNoCode = fail.New(fail.Invalid, "region.no_code")
	// ErrNoName refuses an outline whose name is missing, too long or holds invisible characters.
	ErrNoName = fail.New(fail.Invalid, "region.no_name")
	// ErrNoParent refuses a region whose larger region is unknown. Args: Code, the missing one's.
	ErrNoParent = fail.New(fail.Invalid, "region.no_parent")
	// ErrTwice refuses a code that an earlier row of the same load had. Args: Code.
	ErrTwice = fail.New(fail.Invalid, "region.twice")
	// ErrOutline refuses a shape that cannot be read; the cause says why.
	ErrOutline = fail.New(fail.Invalid, "region.outline")
	// ErrElsewhere refuses a shape that lies outside Korea.
	ErrElsewhere = fail.New(fail.Invalid, "region.elsewhere")
	// ErrFile answers a file that is neither TopoJSON nor GeoJSON.
	ErrFile = fail.New(fail.Invalid, "region.file")
	// ErrFileLong answers a file that is too long. Args: MB, the limit.
	ErrFileLong = fail.New(fail.TooLarge, "region.file_long")
	// ErrAreaName refuses an area without a usable name.
	ErrAreaName = fail.New(fail.Invalid, "region.area_name")
	// ErrAreaEmpty refuses an area without members.
	ErrAreaEmpty = fail.New(fail.Invalid, "region.area_empty")
	// ErrAreaMember refuses a member that is unknown, an area itself or the country. Args: ID.
	ErrAreaMember = fail.New(fail.Invalid, "region.area_member")
	// ErrChanged answers an area that somebody else changed meanwhile.
	ErrChanged = fail.New(fail.Conflict, "region.changed")
)

// Frame is the box in which every place of the country lies, islands and some sea included.
func Frame() shape.Box {
	return shape.Box{MinLat: 32 * shape.Unit, MinLng: 124 * shape.Unit, MaxLat: 39 * shape.Unit, MaxLng: 132 * shape.Unit}
}
