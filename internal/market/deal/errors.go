package deal

import "github.com/dure-commerce/dure/internal/kit/fail"

// Refusals a buyer may meet.
var (
	ErrNotFound   = fail.New(fail.NotFound, "deal.not_found")
	ErrNotYet     = fail.New(fail.Conflict, "deal.not_yet")
	ErrOver       = fail.New(fail.Gone, "deal.over")
	ErrSoldOut    = fail.New(fail.Conflict, "deal.sold_out")
	ErrFewerLeft  = fail.New(fail.Conflict, "deal.fewer_left")
	ErrNoOption   = fail.New(fail.NotFound, "deal.no_option")
	ErrOwnPeople  = fail.New(fail.Forbidden, "deal.own_people")
	ErrChanged    = fail.New(fail.Conflict, "deal.changed")
	ErrPriceFixed = fail.New(fail.Forbidden, "deal.price_is_the_merchants")
)
