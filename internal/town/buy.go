package town

import (
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/town/lore"
)

// buy is one purchase of the script.
type buy struct {
	sale     *sale
	who      market.Actor
	option   int
	quantity int64
	leaves   bool // holds and never pays
	regrets  bool // asks for the money back some days later
}

// exact deals must stand where their plan says to the person: nobody leaves or regrets there.
func (s *sale) exact() bool {
	return s.Plan != lore.PlanEnded && s.Plan != lore.PlanTipped && s.Plan != lore.PlanSoldOut
}

// planBuyers puts a deal's buyers into the agenda: many at the beginning, many at the end.
func (w *world) planBuyers(s *sale) {
	if s.Orders == 0 {
		return
	}
	stops := w.agenda.buying(s.starts, s.quiet)
	if len(stops) == 0 {
		return
	}
	doubles := int(s.Cap) - s.Orders // only sold-out deals count to the unit
	for i, who := range w.buyersOf(s) {
		b := buy{sale: s, who: who, option: w.dice.Under(len(s.Options)), quantity: w.quantity(s)}
		if len(s.Options) > 1 && w.dice.Chance(60) {
			b.option = 0
		}
		if s.Plan == lore.PlanSoldOut {
			b.quantity = 1
			if i < doubles {
				b.quantity = 2
			}
		}
		at := w.throng(stops)
		s.plant(w, at, b)
	}
}

// plant adds a purchase, and now and then what goes wrong with one.
func (s *sale) plant(w *world, at *stop, b buy) {
	if s.exact() || s.Plan == lore.PlanSoldOut {
		at.buys = append(at.buys, b)
		return
	}
	b.regrets = w.dice.Chance(3)
	at.buys = append(at.buys, b)
	if w.dice.Chance(2) {
		again := b
		again.leaves, again.quantity = true, 1
		at.buys = append(at.buys, again)
	}
}

// buyersOf draws different people, half of them regulars; a guest account has been to a few sales of the past.
func (w *world) buyersOf(s *sale) []market.Actor {
	half := min(s.Orders/2, regulars)
	list := append(lore.Some(&w.dice, w.cast.people[:regulars], half),
		lore.Some(&w.dice, w.cast.people[regulars:], s.Orders-half)...)
	if s.Plan == lore.PlanEnded || s.Plan == lore.PlanTipped {
		list[0] = w.cast.guests[s.number%guestsKnown]
	}
	return list
}

// guestsKnown is how many of the visitors' accounts have a past of their own.
const guestsKnown = 10

func (w *world) quantity(s *sale) int64 {
	n := int64(1)
	switch roll := w.dice.Under(100); {
	case roll < 5:
		n = 3
	case roll < 30:
		n = 2
	}
	if s.Cap < 2*int64(s.Orders) {
		return 1
	}
	return min(n, s.Per)
}

// throng picks a moment: the first fifth and the last seventh of a sale are the fullest, and evenings.
func (w *world) throng(stops []*stop) *stop {
	n := len(stops)
	for range 4 {
		k := w.dice.Under(n)
		switch roll := w.dice.Under(100); {
		case roll < 40:
			k = w.dice.Under(1 + n/5)
		case roll < 58:
			k = n - 1 - w.dice.Under(1+n/7)
		}
		if stops[k].kind == evening || stops[k].kind == late || w.dice.Chance(45) {
			return stops[k]
		}
	}
	return stops[w.dice.Under(n)]
}

// buy lets everybody of a stop buy at once: held together, paid one by one at the gateway, written together.
func (w *world) buy(s *stop) error {
	var cmds []checkout.PlaceCmd
	for i, b := range s.buys {
		cmds = append(cmds, checkout.PlaceCmd{Actor: b.who, DealID: b.sale.id, OptionID: b.sale.options[b.option].ID,
			Quantity: b.quantity, PolicyID: policy.At(s.at).ID, Key: fmt.Sprintf("town-%d-%d", s.index, i)})
	}
	var pages []checkout.PageCmd
	var paying []buy
	for i, a := range w.server.Checkout.PlaceMany(w.ctx, cmds) {
		if a.Err != nil {
			w.refuse("place", a.Err)
			continue
		}
		if !s.buys[i].leaves {
			pages = append(pages, checkout.PageCmd{Actor: s.buys[i].who, Placed: a.Value, Title: s.buys[i].sale.Title})
			paying = append(paying, s.buys[i])
		}
	}
	if len(pages) == 0 {
		return nil
	}
	confirmed, err := w.pay(pages)
	if err != nil {
		return err
	}
	for i, a := range confirmed {
		if a.Err != nil {
			w.refuse("pay", a.Err)
			continue
		}
		w.planAfter(s, paying[i], a.Value.Order.ID)
	}
	return nil
}

// pay takes orders through the gateway.
func (w *world) pay(pages []checkout.PageCmd) ([]lane.Answer[checkout.Confirmed], error) {
	opened, err := w.server.Checkout.OpenPages(w.ctx, pages)
	if err != nil {
		return nil, err
	}
	cmds := make([]checkout.PayCmd, len(pages))
	for i, page := range opened {
		key, err := w.server.Simulator.Authorize(w.ctx, gateway.AuthorizeRequest{CheckoutKey: page.Key,
			Instrument: gateway.InstrumentOK})
		if err != nil {
			return nil, err
		}
		cmds[i] = checkout.PayCmd{PaymentID: pages[i].Placed.PaymentID, PaymentKey: key}
	}
	return w.server.Checkout.PayMany(w.ctx, cmds), nil
}

// refuse counts what the script did not foresee.
func (w *world) refuse(step string, err error) {
	code := fail.CodeOf(err)
	w.refused[step+" "+code]++
	w.options.Log.Debug("refused", "step", step, "error", err)
}

// planAfter puts what a buyer does later into the agenda.
func (w *world) planAfter(s *stop, b buy, id market.OrderID) {
	if b.regrets {
		at := w.agenda.after(s.at.AddDate(0, 0, 1+w.dice.Under(5)), desk)
		w.at(at, func() error {
			if _, err := w.server.Refunds.Cancel(w.ctx, b.who, id); err != nil {
				w.refuse("cancel", err)
			}
			return nil
		})
		return
	}
	for unit := range b.quantity {
		w.planVisits(s, b, id, int(unit))
	}
}

// until keeps visits within what people remember to do.
const until = 45 * 24 * time.Hour

func uses(o deal.Option) int { return int(min(o.Uses, usesPlanned)) }

// usesPlanned bounds how many uses of one voucher the script plans.
const usesPlanned = 4
