package checkout

import (
	"time"

	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/policy"
)

// holdTimes are those of the policies in force at an instant.
func holdTimes(at time.Time) order.HoldTimes {
	set := policy.At(at)
	return order.HoldTimes{TTL: set.Hold.TTL(false), Extra: set.Hold.Extra(), Closing: set.Tipping.Closing(),
		LapsesMax: set.Hold.LapsesMax, Pause: set.Hold.Pause()}
}
