package merchant

import "github.com/dure-commerce/dure/internal/kit/fail"

// Named tells what a business still lacks before it can be told apart and reached: the least with which a stranger may
// offer on a wish. Everything else of a registration may follow.
func (b Business) Named() fail.List {
	var faults fail.List
	for _, part := range []struct{ field, text string }{
		{"name", b.Name}, {"number", b.Number}, {"phone", b.Phone},
	} {
		if part.text == "" {
			faults = append(faults, ErrMissing.On(part.field).With("What", part.field))
		}
	}
	return faults
}

// MayBid reports a shop that may offer on wishes: one that was handed in, or that has named itself. What was given back
// must be mended first, and a suspended shop sells nothing.
func (m Merchant) MayBid() bool {
	switch m.State {
	case Submitted, Approved:
		return true
	case Draft:
		return len(m.Business.Named()) == 0
	case Returned, Suspended:
	}
	return false
}
