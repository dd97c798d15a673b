package auction

import (
	"time"

	"github.com/dure-commerce/dure/internal/market/bid"
)

// Figures are the dated figures of policy by which offers are judged at an instant, for pages that say so.
func Figures(now time.Time) bid.Rules { return rules(now) }

// ChoosingEnds is when members have had their time to look at the bids of an auction that closed then.
func ChoosingEnds(closed time.Time) time.Time { return choosingEnds(closed) }
