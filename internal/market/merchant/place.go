package merchant

import (
	"strings"

	"github.com/golang/geo/s2"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/form"
)

// The frame in which shops may lie, in 1e-7 degrees: Korea with its islands.
const (
	southE7 = 33_0000000
	northE7 = 39_0000000
	westE7  = 124_5000000
	eastE7  = 132_0000000
)

// Cell is the leaf S2 cell of the place, 0 when it is unknown: cells near each other lie in few ranges of numbers.
func (b Branch) Cell() int64 {
	if !b.HasPlace() {
		return 0
	}
	ll := s2.LatLngFromDegrees(float64(b.LatitudeE7)/1e7, float64(b.LongitudeE7)/1e7)
	return int64(s2.CellIDFromLatLng(ll))
}

// Parse cleans a branch. Name and address are needed; coordinates are not, but must lie in Korea.
func (b Branch) Parse() (Branch, error) {
	var faults fail.List
	keep := func(refusal *fail.Error) {
		if refusal != nil {
			faults = append(faults, refusal)
		}
	}
	var refusal *fail.Error
	b.Name, refusal = line(1, NameMax, ErrBranchName, "branch_name")(b.Name)
	keep(refusal)
	b.Address, refusal = line(5, AddressMax, ErrAddress, "address")(b.Address)
	keep(refusal)
	b.Phone = optional(&faults, b.Phone, ParsePhone)
	b.Directions, refusal = form.Lines(b.Directions, 0, DirectionsMax)
	if refusal != nil {
		keep(ErrDirections.On("directions").With("Max", DirectionsMax))
	}
	if strings.TrimSpace(string(b.RegionID)) == "" {
		keep(ErrRegion.On("region"))
	}
	if b.HasPlace() && (b.LatitudeE7 < southE7 || b.LatitudeE7 > northE7 ||
		b.LongitudeE7 < westE7 || b.LongitudeE7 > eastE7) {
		keep(ErrPlace.On("place"))
	}
	hours, refusal := b.Hours.Parse()
	keep(refusal)
	b.Hours = hours
	return b, faults.Err()
}
