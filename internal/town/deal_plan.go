package town

import (
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/flow/publish"
	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/hours"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/town/lore"
	"github.com/dure-commerce/dure/internal/web/ui/art"
)

// sale is a deal on its way through the script.
type sale struct {
	lore.Deal
	number       int
	shop         *shop
	id           market.DealID
	options      []deal.Option
	starts, ends time.Time
	quiet        time.Time // from when nobody of the script buys
	open         []*stop   // when vouchers are used; nil before it is first asked
}

func (w *world) dayOf(at time.Time) time.Time { return bizday.StartOfDay(at) }

// planDeals puts every deal's papers and buyers into the agenda.
func (w *world) planDeals() {
	for i, d := range w.data.Deals {
		s := &sale{Deal: d, number: i + 1, shop: w.cast.shops[d.Shop-1]}
		s.starts = w.week.AddDate(0, 0, 7*d.Start)
		switch s.ends = s.starts.AddDate(0, 0, d.Days); d.End {
		case "today":
			s.ends = w.today
		case "tomorrow":
			s.ends = w.today.AddDate(0, 0, 1)
		}
		s.quiet = s.ends
		w.cast.sales = append(w.cast.sales, s)
		w.planPapers(s)
		w.planBuyers(s)
	}
}

// planPapers puts the draft and what became of it into the agenda.
func (w *world) planPapers(s *sale) {
	drafted := s.starts.AddDate(0, 0, -10+w.dice.Under(2))
	if latest := w.now.AddDate(0, 0, -6+w.dice.Under(2)); drafted.After(latest) {
		drafted = latest
	}
	at := w.agenda.after(drafted, desk)
	w.at(at, func() error { return w.draft(s) })
	if s.Plan == lore.PlanDraft {
		return
	}
	next := func(days int) *stop { return w.agenda.after(at.at.AddDate(0, 0, days), desk) }
	w.at(next(1), func() error {
		_, err := w.server.Publish.Submit(w.ctx, s.shop.owner, s.id)
		return err
	})
	switch s.Plan {
	case lore.PlanSubmitted:
	case lore.PlanReturned:
		w.at(next(3), func() error {
			_, err := w.server.Publish.Return(w.ctx, w.cast.operator, s.id, s.Reason)
			return err
		})
	case lore.PlanWithdrawn:
		w.at(next(2), func() error {
			_, err := w.server.Publish.Withdraw(w.ctx, s.shop.owner, s.id)
			return err
		})
	default:
		w.at(next(3), func() error {
			_, err := w.server.Publish.Schedule(w.ctx, w.cast.operator, publish.ScheduleCmd{DealID: s.id})
			return err
		})
	}
	if s.Plan == lore.PlanCancelled {
		w.planCancel(s)
	}
}

// planCancel lets the operator end a running sale.
func (w *world) planCancel(s *sale) {
	at := w.agenda.after(s.starts.AddDate(0, 0, 4), desk)
	s.quiet = at.at
	w.at(at, func() error {
		_, err := w.server.Tipping.Cancel(w.ctx, w.cast.operator, s.id, s.Reason)
		return err
	})
}

// at puts a task into the agenda.
func (w *world) at(s *stop, do func() error) { s.tasks = append(s.tasks, do) }

func (w *world) draft(s *sale) error {
	d, err := w.server.Publish.SaveDraft(w.ctx, s.shop.owner,
		publish.DraftCmd{MerchantID: s.shop.id, Offer: s.offer()})
	if err != nil {
		return fmt.Errorf("deal %d: %w", s.number, err)
	}
	s.id = d.ID
	s.options, err = deal.Options(w.ctx, w.db(), d.ID)
	return err
}

// offer is the deal as its merchant writes it.
func (s *sale) offer() deal.Offer {
	o := deal.Offer{Title: s.Title, Summary: s.Summary, Story: s.Story, CategoryID: market.CategoryID(s.shop.Category),
		PriceBasis: s.Basis, ThresholdKind: s.Kind, Threshold: s.Point, Capacity: s.Cap, PerPerson: s.Per,
		StartsAt: s.starts, EndsAt: s.ends, ValidDays: s.Valid, RefundProfile: s.Profile, MerchantShareBP: shareBP,
		StatedCost: s.Cost, AskWhenShort: s.Ask, Rules: hours.Rules{Weekdays: s.Weekdays, From: s.From, To: s.To},
		Regions:  s.regions(),
		Pictures: []string{art.URL(s.shop.Scene, uint64(s.number)), art.URL(s.shop.Scene, uint64(s.number)+1000)}}
	if o.ThresholdKind == "" {
		o.ThresholdKind = deal.ThresholdPeople
	}
	if o.RefundProfile == "" {
		o.RefundProfile = "std2025"
	}
	if o.ValidDays == 0 {
		o.ValidDays = validDays
	}
	for _, x := range s.Options {
		o.Options = append(o.Options, deal.OptionOffer{Name: x.Name, ListPrice: x.List, Price: x.Price,
			Quantity: x.Quantity, Uses: x.Uses})
	}
	return o
}

const (
	shareBP   = 7000
	validDays = 365
)

// regions are the districts of the shop and of its branches.
func (s *sale) regions() []market.RegionID {
	list := []market.RegionID{market.RegionID("district_" + s.shop.District)}
	for _, b := range s.shop.Branches {
		if id := market.RegionID("district_" + b.District); id != list[0] {
			list = append(list, id)
		}
	}
	return list
}
