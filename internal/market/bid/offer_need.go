package bid

import "github.com/dure-commerce/dure/internal/kit/money"

// Needs is the least number of units for which an offer holds at a price: its own minimum, or the step of quantity from
// which it is so low.
func (o Offer) Needs(price money.Won) int64 {
	needs := o.QuantityMin
	for _, s := range o.Steps {
		if o.PriceAt(needs) > price {
			needs = s.From
		}
	}
	return needs
}
