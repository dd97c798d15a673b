package catalog

import (
	"cmp"
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
)

// Shelves are the parts of a neighbourhood's page, each in its published order.
type Shelves struct {
	Lead   *Card  // the best liked deal on sale
	Nearly []Card // not tipped, the smallest missing part first
	Open   []Card // tipped and on sale, best liked first
	Rest   []Card // on sale and still far from its point, best liked first
	Coming []Card // announced, the soonest first
	Over   []Card // ended or failed in the last days, the latest first
}

const overFor = 7 * 24 * time.Hour

// Sort puts cards, which come best liked first, on their shelves. own tells what is the neighbourhood's own.
func Sort(cards []Card, own func(Card) bool, now time.Time) Shelves {
	var s Shelves
	ordered := slices.Clone(cards)
	slices.SortStableFunc(ordered, func(a, b Card) int { return cmp.Compare(rank(own(a)), rank(own(b))) })
	for i := range ordered {
		c := ordered[i]
		switch {
		case c.Deal.TakesHolds(now) == nil && c.Deal.Free() > 0:
			s.sell(c)
		case c.Deal.State == deal.Scheduled:
			s.Coming = append(s.Coming, c)
		case c.Deal.State.Terminal() && c.Deal.State != deal.Cancelled && now.Sub(c.Deal.EndsAt) < overFor,
			c.Deal.State == deal.Closing, c.Deal.State == deal.Asking, c.Deal.State == deal.OnSale:
			s.Over = append(s.Over, c)
		}
	}
	slices.SortStableFunc(s.Nearly, nearest)
	slices.SortStableFunc(s.Coming, func(a, b Card) int { return a.Deal.StartsAt.Compare(b.Deal.StartsAt) })
	slices.SortStableFunc(s.Over, func(a, b Card) int { return b.Deal.EndsAt.Compare(a.Deal.EndsAt) })
	return s
}

func rank(own bool) int {
	if own {
		return 0
	}
	return 1
}

func (s *Shelves) sell(c Card) {
	switch {
	case s.Lead == nil:
		s.Lead = &c
	case c.Deal.Tipped():
		s.Open = append(s.Open, c)
	case c.Deal.Progress()*2 >= c.Deal.Threshold:
		s.Nearly = append(s.Nearly, c)
	default:
		s.Rest = append(s.Rest, c)
	}
}

// nearest orders by the missing part of the point, then by what ends first. Neither price nor payment counts.
func nearest(a, b Card) int {
	return cmp.Or(cmp.Compare(part(a), part(b)), a.Deal.EndsAt.Compare(b.Deal.EndsAt), cmp.Compare(a.Deal.ID, b.Deal.ID))
}

func part(c Card) int64 { return c.Deal.Missing() * 10_000 / max(c.Deal.Threshold, 1) }

// IDs lists the deals of cards.
func IDs(cards []Card) []market.DealID {
	ids := make([]market.DealID, len(cards))
	for i, c := range cards {
		ids[i] = c.Deal.ID
	}
	return ids
}
