package town

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"time"

	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/hours"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/feedback"
	"github.com/dure-commerce/dure/internal/market/voucher"
	"github.com/dure-commerce/dure/internal/town/lore"
)

// visit is one use of a voucher that the script plans.
type visit struct {
	sale  *sale
	who   market.Actor
	order market.OrderID
	unit  int // which voucher of the order
	tries int
}

// planVisits puts the uses of one voucher into the agenda.
func (w *world) planVisits(s *stop, b buy, id market.OrderID, unit int) {
	for range uses(b.sale.options[b.option]) {
		if !w.dice.Chance(b.sale.Used) {
			continue
		}
		if at := w.visitStop(s, b.sale); at != nil {
			at.visits = append(at.visits, visit{sale: b.sale, who: b.who, order: id, unit: unit})
		}
	}
}

// visitStop draws a later moment at which people come to the shop, nil when there is none before the present.
func (w *world) visitStop(s *stop, of *sale) *stop {
	if of.open == nil {
		of.open = []*stop{}
		for _, at := range w.agenda.stops {
			if of.fits(at) {
				of.open = append(of.open, at)
			}
		}
	}
	from := sort.Search(len(of.open), func(i int) bool { return of.open[i].index > s.index })
	to := sort.Search(len(of.open), func(i int) bool { return of.open[i].at.Sub(s.at) > until })
	if from >= to {
		return nil
	}
	return of.open[from+w.dice.Under(to-from)]
}

// fits reports a moment at which a voucher of the sale can be used and the shop has its guests.
func (s *sale) fits(at *stop) bool {
	if at.kind != lunch && at.kind != evening {
		return false
	}
	if s.shop.number != popular { // most shops have their fixed days for guests with vouchers
		if !slices.Contains(s.shop.days, at.at.In(bizday.Seoul()).Weekday()) {
			return false
		}
	}
	rules := hours.Rules{Weekdays: s.Weekdays, From: s.From, To: s.To}
	return rules.Judge(at.at, bizday.Seoul()) == hours.Inside
}

// visit lets everybody of a stop use their vouchers.
func (w *world) visit(s *stop) error {
	if len(s.visits) == 0 {
		return nil
	}
	cmds, came, err := w.scans(s)
	if err != nil {
		return err
	}
	for i, a := range w.server.Redeem.Many(w.ctx, cmds) {
		switch {
		case errors.Is(a.Err, voucher.ErrNotTipped):
			w.comeAgain(s, came[i])
		case a.Err != nil:
			w.refuse("redeem", a.Err)
		default:
			w.planWord(s, came[i], cmds[i], a.Value.Redemption)
		}
	}
	return nil
}

// scans reads the vouchers of a stop's visitors.
func (w *world) scans(s *stop) (cmds []redeem.Cmd, came []visit, err error) {
	var ids []market.OrderID
	seen := map[market.OrderID]bool{}
	for _, v := range s.visits {
		if !seen[v.order] {
			seen[v.order] = true
			ids = append(ids, v.order)
		}
	}
	all, err := voucher.OfOrders(w.ctx, w.db(), ids)
	if err != nil {
		return nil, nil, err
	}
	by := map[market.OrderID][]voucher.Voucher{}
	for _, v := range all {
		by[v.OrderID] = append(by[v.OrderID], v)
	}
	for i, v := range s.visits {
		list := by[v.order]
		if v.unit >= len(list) {
			continue
		}
		shop := v.sale.shop
		cmds = append(cmds, redeem.Cmd{Actor: shop.atCounter(), MerchantID: shop.id,
			BranchID: lore.Pick(&w.dice, shop.branches), Text: w.server.Keys.Face(list[v.unit].ID), Units: 1,
			Nonce: fmt.Sprintf("town-%05d-%04d", s.index, i)})
		came = append(came, v)
	}
	return cmds, came, nil
}

// comeAgain moves a visit to a later moment: the deal has not tipped yet.
func (w *world) comeAgain(s *stop, v visit) {
	if v.tries++; v.tries > triesMax {
		return
	}
	if at := w.visitStop(s, v.sale); at != nil {
		at.visits = append(at.visits, v)
	}
}

const triesMax = 6

// planWord puts what follows a visit into the agenda: a slip at the counter, or a guest's word the next morning.
func (w *world) planWord(s *stop, v visit, cmd redeem.Cmd, x voucher.Redemption) {
	if w.dice.Chance(2) {
		if _, err := w.server.Redeem.Undo(w.ctx, cmd.Actor, redeem.UndoCmd{RedemptionID: x.ID,
			Reason: lore.Pick(&w.dice, w.data.Words.Undo)}); err != nil {
			w.refuse("undo", err)
		}
		return
	}
	if !w.dice.Chance(wordsOf100) {
		return
	}
	said := answer(&w.dice, w.data.Words)
	at := w.agenda.after(s.at.Add(10*time.Hour), desk)
	w.at(at, func() error {
		if _, err := w.server.Feedback.Give(w.ctx, v.who, feedback.AskOf(x.ID), said); err != nil {
			w.refuse("feedback", err)
		}
		return nil
	})
}

// wordsOf100 is how many of a hundred guests say something.
const wordsOf100 = 30

// answer is what a guest says: most were glad.
func answer(d *lore.Dice, words lore.Words) feedback.Answer {
	switch roll := d.Under(100); {
	case roll < 62:
		return feedback.Answer{Satisfaction: 5, WouldReturn: feedback.Yes, SameTreatment: feedback.Yes,
			Comment: lore.Pick(d, words.Good)}
	case roll < 84:
		return feedback.Answer{Satisfaction: 4, WouldReturn: feedback.Yes, SameTreatment: feedback.Yes,
			Comment: lore.Pick(d, words.Good)}
	case roll < 95:
		return feedback.Answer{Satisfaction: 3, Comment: lore.Pick(d, words.Fair)}
	}
	return feedback.Answer{Satisfaction: int64(1 + d.Under(2)), WouldReturn: feedback.No,
		SameTreatment: feedback.No, Comment: lore.Pick(d, words.Poor)}
}
