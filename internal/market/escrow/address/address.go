package address

import "github.com/dure-commerce/dure/internal/kit/fail"

// Address is where a member's parcel goes.
type Address struct {
	Name     string
	Phone    string
	Postcode string
	Line     string // 도로명 주소
	Detail   string // floor, door
	Note     string // to the carrier
}

// ErrAddress refuses a field of an address. Args: Max, in characters.
var ErrAddress = fail.New(fail.Invalid, "escrow.address")

// Check refuses an address to which nothing could be sent, a field at a time.
func (a Address) Check() error {
	var list fail.List
	for _, f := range []struct {
		name, text string
		min, max   int
	}{
		{"name", a.Name, 1, 60}, {"phone", a.Phone, 8, 20}, {"postcode", a.Postcode, 5, 10}, {"line", a.Line, 5, 200},
		{"detail", a.Detail, 0, 100}, {"note", a.Note, 0, 100},
	} {
		if n := len([]rune(f.text)); n < f.min || n > f.max {
			list = append(list, ErrAddress.With("Max", int64(f.max)).On(f.name))
		}
	}
	return list.Err()
}
