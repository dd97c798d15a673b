package bid

import (
	"slices"

	"github.com/dure-commerce/dure/internal/kit/money"
)

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

// Tiers are the quantities at which it matters what an offer leaves its seller: its least, where each price step
// begins, and its largest, or the announced one where it takes as many as come. They rise, and none stands twice.
func (o Offer) Tiers(announced int64) []int64 {
	all := []int64{o.QuantityMin, o.QuantityMax}
	if o.QuantityMax == 0 {
		all = append(all, announced)
	}
	for _, s := range o.Steps {
		all = append(all, s.From)
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(n int64) bool { return !o.Covers(n) || n < 1 })
}
