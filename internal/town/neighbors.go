package town

import (
	"github.com/dure-commerce/dure/internal/flow/follow"
	"github.com/dure-commerce/dure/internal/flow/publish"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/feedback"
	"github.com/dure-commerce/dure/internal/town/lore"
)

// So much goes on beside buying.
const (
	followsAll = 260
	keepsEach  = 14 // bookmarks of a deal before its sale
)

// planNeighbors puts what people do besides buying into the agenda: they follow shops, keep deals, and owners say how
// a campaign went.
func (w *world) planNeighbors() {
	for range followsAll {
		s, who := w.cast.shops[w.dice.Under(len(w.cast.shops))], lore.Pick(&w.dice, w.cast.people)
		if s.State != "" {
			continue
		}
		w.at(w.agenda.after(w.daysAgo(7+w.dice.Under(7*(weeksBack-3))), desk), func() error {
			return w.server.Enroll.Follow(w.ctx, who, s.id, true)
		})
	}
	for _, s := range w.cast.sales {
		if s.Plan == lore.PlanScheduled || s.shop.number == popular {
			w.planKeeps(s)
		}
	}
	for _, ago := range []int{55, 33, 12, 2} {
		w.at(w.agenda.after(w.daysAgo(ago), desk), w.shopsSay)
	}
	w.planChanges()
}

// planKeeps lets people bookmark a deal before its sale begins.
func (w *world) planKeeps(s *sale) {
	for _, who := range lore.Some(&w.dice, w.cast.people[:regulars], keepsEach) {
		at := w.agenda.after(s.starts.AddDate(0, 0, -2), desk)
		if at.at.After(s.starts) {
			at = w.agenda.last()
		}
		w.at(at, func() error {
			err := w.server.Follow.Keep(w.ctx, who, follow.KeepCmd{DealID: s.id, Notify: true})
			if fail.KindOf(err) == fail.Internal {
				return err
			}
			return nil
		})
	}
}

// shopsSay lets owners answer what they are asked about campaigns and months.
func (w *world) shopsSay() error {
	for _, s := range w.cast.shops {
		asks, err := w.server.Feedback.Shops(w.ctx, s.owner)
		if err != nil {
			return err
		}
		for _, a := range asks {
			if !w.dice.Chance(70) {
				continue
			}
			answer := feedback.ShopAnswer{Satisfaction: 5, WouldRepeat: feedback.Yes,
				Comment: lore.Pick(&w.dice, w.data.Words.ShopGood)}
			if w.dice.Chance(22) {
				answer = feedback.ShopAnswer{Satisfaction: 3, WouldRepeat: feedback.Yes,
					Comment: lore.Pick(&w.dice, w.data.Words.ShopFair)}
			}
			if _, err := w.server.Feedback.GiveShop(w.ctx, s.owner, a.ID, answer); err != nil {
				w.refuse("shop feedback", err)
			}
		}
	}
	return nil
}

// planChanges lets two shops promise more in a running sale: one was accepted, one waits. And the operator once tried
// to set a price.
func (w *world) planChanges() {
	running := map[int]*sale{}
	for _, s := range w.cast.sales {
		if s.Plan == lore.PlanTipped && running[s.shop.number] == nil {
			running[s.shop.number] = s
		}
	}
	coffee, dishes := running[8], running[23]
	if coffee == nil || dishes == nil {
		return
	}
	w.at(w.businessDesk(9), func() error {
		return w.promise(coffee, "원두를 바꾸면서 기간을 더 드리기로 했어요", true)
	})
	w.at(w.businessDesk(1), func() error { return w.promise(dishes, "명절이 끼어 있어 두 달을 더 드려요", false) })
	w.at(w.businessDesk(20), func() error {
		err := w.server.Publish.TryPrice(w.ctx, w.cast.operator, coffee.id, 15_000)
		if fail.KindOf(err) == fail.Internal {
			return err
		}
		return nil
	})
}

func (w *world) promise(s *sale, why string, accepted bool) error {
	terms, err := deal.FindTerms(w.ctx, w.db(), s.id, 1)
	if err != nil {
		return err
	}
	change := deal.RevisionOf(terms)
	change.ValidDays, change.Why = change.ValidDays+60, why
	if _, err := w.server.Publish.Propose(w.ctx, s.shop.owner, publish.ProposeCmd{DealID: s.id,
		Change: change}); err != nil || !accepted {
		return err
	}
	_, err = w.server.Publish.Accept(w.ctx, w.cast.operator, s.id)
	return err
}
