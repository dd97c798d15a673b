package directory

import (
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
)

// EntryID names an entry: "dir_" and the register's own number of the shop.
type EntryID string

// Prefix begins every EntryID.
const Prefix = "dir_"

// State is whether somebody stands behind an entry.
type State string

// The states.
const (
	Unclaimed State = "unclaimed"
	Claimed   State = "claimed"
)

// Credit is whose data it is, as its licence asks to say.
const Credit = "소상공인시장진흥공단 상가(상권)정보, 공공데이터포털"

// Entry is one shop.
type Entry struct {
	ID          EntryID
	Name        string
	Branch      string // 강남점
	CategoryID  market.CategoryID
	Industry    string // the register's own word for the trade
	RegionID    market.RegionID
	DistrictID  market.RegionID // the district around the region, "" when only the province is known
	Matched     string          // how the region was found: market/region's How
	Address     string          // by road
	LotAddress  string
	Building    string
	Floor       string
	Unit        string
	LatitudeE7  int64 // 0 with LongitudeE7 0: unknown
	LongitudeE7 int64
	State       State
	MerchantID  market.MerchantID // set while claimed
	ClaimedAt   time.Time
	Version     int64
}

// Title is the shop's name as a sign shows it.
func (e Entry) Title() string { return strings.TrimSpace(e.Name + " " + e.Branch) }

// Known reports a region that is a neighbourhood, not what stands for one that is unknown.
func (e Entry) Known() bool { return e.Matched == "name" || e.Matched == "place" }

// Door is the address as one writes it on a letter: by road, else by lot, with the floor and the unit where the
// register knows them.
func (e Entry) Door() string {
	street, inside := e.Address, strings.Join(e.Inside(), " ")
	if street == "" {
		street = e.LotAddress
	}
	if street == "" || inside == "" {
		return street
	}
	return street + ", " + inside
}

// Inside is where in its house a shop is: 지하 1층, 101호. The register writes 지1 and 101.
func (e Entry) Inside() []string {
	var parts []string
	floor, below := strings.CutPrefix(e.Floor, "지")
	floor = strings.TrimSpace(strings.TrimPrefix(floor, "하"))
	switch {
	case figures(floor) && below:
		parts = append(parts, "지하 "+floor+"층")
	case figures(floor):
		parts = append(parts, floor+"층")
	case e.Floor != "":
		parts = append(parts, e.Floor)
	}
	switch {
	case figures(e.Unit):
		parts = append(parts, e.Unit+"호")
	case e.Unit != "":
		parts = append(parts, e.Unit)
	}
	return parts
}

func figures(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// HasPlace reports known coordinates.
func (e Entry) HasPlace() bool { return e.LatitudeE7 != 0 || e.LongitudeE7 != 0 }

// Errors of the package.
var (
	// ErrNotFound answers an id that is no entry's.
	ErrNotFound = fail.New(fail.NotFound, "directory.not_found")
	// ErrClaimed answers a claim on what another merchant has claimed.
	ErrClaimed = fail.New(fail.Conflict, "directory.claimed")
	// ErrNotYours answers the release of an entry that another merchant has.
	ErrNotYours = fail.New(fail.Conflict, "directory.not_yours")
)

// Refusals of a register's row.
var (
	// ErrNoKey refuses a row without a number, or with one that is none. Args: Key.
	ErrNoKey = fail.New(fail.Invalid, "directory.no_key")
	// ErrTwice refuses a number that an earlier row had. Args: Key, Line.
	ErrTwice = fail.New(fail.Invalid, "directory.twice")
	// ErrNoName refuses a row without a name.
	ErrNoName = fail.New(fail.Invalid, "directory.no_name")
	// ErrLong refuses a text that is too long. Args: Column, Max in letters.
	ErrLong = fail.New(fail.Invalid, "directory.long")
	// ErrControl refuses a text with characters nobody can see. Args: Column.
	ErrControl = fail.New(fail.Invalid, "directory.control_character")
	// ErrDirection refuses a text with characters that turn the direction of reading. Args: Column.
	ErrDirection = fail.New(fail.Invalid, "directory.direction_character")
	// ErrPlace refuses coordinates that are no numbers or lie outside Korea. Args: Latitude, Longitude as written.
	ErrPlace = fail.New(fail.Invalid, "directory.place")
)
