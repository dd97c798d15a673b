package sim

import (
	"errors"
	"time"

	"github.com/dure-commerce/dure/internal/flow/publish"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/hours"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
)

// draft writes a new deal of a random shop, small enough to sell out and to fail.
func (w *world) draft() error {
	if len(w.deals(deal.Draft, deal.Submitted, deal.Scheduled, deal.OnSale)) >= 6 {
		return nil
	}
	s := pick(w.dice, w.shops)
	start := deal.NextMonday(w.Clock.Now())
	offer := deal.Offer{Title: "시험 딜", PriceBasis: "차림표", CategoryID: "food.noodle", ThresholdKind: pick(w.dice,
		[]deal.ThresholdKind{deal.ThresholdPeople, deal.ThresholdUnits, deal.ThresholdWon}), Threshold: int64(1 + w.below(5)),
		Capacity: int64(5 + w.below(12)), PerPerson: int64(1 + w.below(4)), StartsAt: start,
		EndsAt: start.Add(7 * 24 * time.Hour), ValidDays: 400, RefundProfile: "std2025", MerchantShareBP: 7000,
		AskWhenShort: w.chance(50), Regions: []market.RegionID{"r1"}}
	for range 1 + w.below(2) {
		price := int64(1000 + 100*w.below(300))
		offer.Options = append(offer.Options, deal.OptionOffer{Name: "하나", ListPrice: price + 5000, Price: price,
			Quantity: offer.Capacity, Uses: int64(1 + w.below(3))})
	}
	if offer.ThresholdKind == deal.ThresholdWon {
		offer.Threshold = offer.Options[0].Price * int64(1+w.below(4))
	}
	if w.chance(30) {
		offer.Rules = hours.Rules{From: "11:00", To: "15:00"}
	}
	if w.chance(20) {
		offer.Rules.Weekdays = []int{1, 2, 3, 4, 5}
	}
	if w.chance(25) {
		offer.Branches = []market.BranchID{s.branches[1]}
	}
	_, err := w.core.Publish.SaveDraft(w.ctx, s.owner, publish.DraftCmd{MerchantID: s.id, Offer: offer})
	w.note("draft %s: %s", s.id, code(err))
	return unexpected(err)
}

func (w *world) submit() error {
	list := w.deals(deal.Draft, deal.Returned)
	if len(list) == 0 {
		return nil
	}
	d := pick(w.dice, list)
	owner := w.shopOf(d.MerchantID).owner
	var err error
	if w.chance(10) {
		_, err = w.core.Publish.Withdraw(w.ctx, owner, d.ID)
	} else {
		_, err = w.core.Publish.Submit(w.ctx, owner, d.ID)
	}
	w.note("submit %s: %s", d.ID, code(err))
	return unexpected(err, deal.ErrPast)
}

// review returns or schedules a submitted deal; a merchant's window that has passed moves to the coming week.
func (w *world) review() error {
	list := w.deals(deal.Submitted)
	if len(list) == 0 {
		return nil
	}
	d := pick(w.dice, list)
	var err error
	switch {
	case w.chance(15):
		_, err = w.core.Publish.Return(w.ctx, operator(), d.ID, "사진을 더 밝은 것으로 바꿔 주세요")
	case w.chance(5):
		_, err = w.core.Publish.Withdraw(w.ctx, w.shopOf(d.MerchantID).owner, d.ID)
	case w.chance(10):
		err = w.core.Publish.TryPrice(w.ctx, operator(), d.ID, 1)
		if !errors.Is(err, deal.ErrPriceFixed) {
			return wrong("an operator's price", err)
		}
		err = nil
	default:
		start := deal.NextMonday(w.Clock.Now())
		_, err = w.core.Publish.Schedule(w.ctx, operator(), publish.ScheduleCmd{DealID: d.ID, StartsAt: start,
			EndsAt: start.Add(7 * 24 * time.Hour)})
	}
	w.note("review %s: %s", d.ID, code(err))
	return unexpected(err)
}

// answer is a merchant's word on a sale that ended short.
func (w *world) answer() error {
	list := w.deals(deal.Asking)
	if len(list) == 0 {
		return nil
	}
	d := pick(w.dice, list)
	owner := w.shopOf(d.MerchantID).owner
	var err error
	switch w.below(3) {
	case 0:
		_, err = w.core.Tipping.Accept(w.ctx, owner, d.ID)
	case 1:
		_, err = w.core.Tipping.Extend(w.ctx, owner, d.ID, w.Clock.Now().Add(3*24*time.Hour))
	default:
		_, err = w.core.Tipping.Refuse(w.ctx, owner, d.ID)
	}
	w.note("answer %s: %s", d.ID, code(err))
	w.met("answer." + code(err))
	return unexpected(err, deal.ErrExtend, deal.ErrEmpty)
}

func (w *world) cancelDeal() error {
	list := w.deals(deal.OnSale, deal.Scheduled)
	if len(list) == 0 {
		return nil
	}
	d := pick(w.dice, list)
	_, err := w.core.Tipping.Cancel(w.ctx, operator(), d.ID, "가게가 문을 닫게 되었습니다")
	w.note("cancel %s: %s", d.ID, code(err))
	return unexpected(err)
}

// dealRow is what an action must know of a deal to choose it.
type dealRow struct {
	ID         market.DealID
	MerchantID market.MerchantID
	state      deal.State
}

// deals lists deals in any of the states: state by state, each in the order of their ends.
func (w *world) deals(states ...deal.State) []dealRow {
	all, err := db.All(w.ctx, w.DB, func(r db.Row) (dealRow, error) {
		var d dealRow
		return d, r.Scan(&d.ID, &d.MerchantID, &d.state)
	}, `SELECT id, merchant_id, state FROM deal ORDER BY ends_at, id`)
	readable(err)
	var out []dealRow
	for _, s := range states {
		for _, d := range all {
			if d.state == s {
				out = append(out, d)
			}
		}
	}
	return out
}

func (w *world) shopOf(id market.MerchantID) shop {
	for _, s := range w.shops {
		if s.id == id {
			return s
		}
	}
	return w.shops[0]
}
