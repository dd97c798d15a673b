package town

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/flow/settle"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/settlement"
	"github.com/dure-commerce/dure/internal/sandbox/fault"
	"github.com/dure-commerce/dure/internal/town/lore"
)

// planTrouble puts what goes wrong, and how it is mended, into the agenda.
func (w *world) planTrouble() {
	first := w.agenda.stops[0].at
	w.at(w.agenda.after(first.Add(24*time.Hour), desk), func() error {
		_, err := w.server.Custody.TopUp(w.ctx, w.cast.finance, topUp)
		return err
	})
	w.planBounce(48, fault.Bounce, true)
	w.planBounce(6, fault.Reject, false)
	w.planObjections()
	w.planSilentPayment()
}

// topUp is the operator's buffer in custody: fees that the gateway keeps are paid from it.
const topUp = 6_000_000

// daysAgo is the beginning of a day before the present one.
func (w *world) daysAgo(n int) time.Time { return w.today.AddDate(0, 0, -n) }

// businessDesk is the first desk of a business day, not before so many days ago.
func (w *world) businessDesk(ago int) *stop {
	for n := ago; n >= 0; n-- {
		if w.server.Calendar.IsBusiness(w.daysAgo(n)) {
			return w.agenda.after(w.daysAgo(n), desk)
		}
	}
	return w.agenda.last()
}

// plan tells the gateway what is to go wrong, as a tester does: over its HTTP.
func (w *world) plan(p fault.Plan) error {
	body, err := json.Marshal(p)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(w.ctx, http.MethodPut, w.options.GatewayBase+"/sandbox/faults",
		bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.SetBasicAuth(w.options.GatewayKey, "")
	r.Header.Set("Content-Type", "application/json")
	answer, err := w.box.Transport().RoundTrip(r)
	if err != nil {
		return err
	}
	if err := answer.Body.Close(); err != nil || answer.StatusCode != http.StatusOK {
		return fmt.Errorf("fault plan: %d %w", answer.StatusCode, err)
	}
	return nil
}

// planBounce makes the bank send one payout back, the first from so long ago on that goes to another shop than the
// popular one. Mended, the shop names another account some days later; else it is still in the operator's list.
func (w *world) planBounce(from int, mode fault.Mode, mended bool) {
	w.at(w.businessDesk(from), func() error {
		w.bouncing = mode
		return nil
	})
	if mended {
		w.at(w.agenda.after(w.daysAgo(from-9), desk), w.rebank)
	}
}

// bounce decides the fate of a payout that was made and not yet sent.
func (w *world) bounce() error {
	if w.bouncing == fault.None {
		return nil
	}
	due, err := settlement.Payouts(w.ctx, w.db(), settlement.PayoutDue, "", len(w.cast.shops))
	if err != nil {
		return err
	}
	for _, p := range due {
		if p.MerchantID == w.cast.shops[popular-1].id {
			continue
		}
		mode := w.bouncing
		w.bouncing = fault.None
		return w.plan(fault.Plan{Target: p.Reference(), Steps: map[fault.Step]fault.Fault{
			fault.Execution: {Mode: mode, Times: 1}}})
	}
	return nil
}

// rebank lets the owner of every held payout name another account.
func (w *world) rebank() error {
	held, err := settlement.Payouts(w.ctx, w.db(), settlement.PayoutHeld, "", len(w.cast.shops))
	if err != nil {
		return err
	}
	for _, p := range held {
		for _, s := range w.cast.shops {
			if s.id != p.MerchantID {
				continue
			}
			bank := merchant.Bank{Code: "004", Account: fmt.Sprintf("8%011d", 20_000_000+s.number*6007), Holder: s.Owner}
			if _, err := w.server.Enroll.SaveBank(w.ctx, s.owner, s.id, bank); err != nil {
				w.refuse("rebank", err)
			}
		}
	}
	return nil
}

// planObjections lets shops object to a line: one was right, one was not, and one waits for its answer. Each tries
// on, day by day, until some shop has a statement to object to.
func (w *world) planObjections() {
	for i, from := range []int{40, 19, 3} {
		done := false
		for ago := from; ago > from-4; ago-- {
			at := w.businessDesk(ago)
			w.at(at, func() (err error) {
				if !done {
					done, err = w.object(at, i)
				}
				return err
			})
		}
	}
	for ago := 60; ago > 0; ago -= 3 { // one owner reads and confirms by hand now and then
		at := w.businessDesk(ago)
		w.at(at, func() error { return w.confirmByHand(w.cast.shops[popular-1]) })
	}
}

func (w *world) confirmByHand(s *shop) error {
	list, err := w.server.Settle.Statements(w.ctx, s.owner, s.id, 0, statementsLooked)
	if err != nil {
		return err
	}
	for _, st := range list {
		if st.Open(w.fake.Now()) {
			if _, err := w.server.Settle.Confirm(w.ctx, s.owner, st.ID); err != nil {
				w.refuse("confirm", err)
			}
		}
	}
	return nil
}

// statementsLooked is how many of a shop's newest statements its owner looks at.
const statementsLooked = 3

// object finds a shop with an open statement and objects to its first line.
func (w *world) object(at *stop, which int) (done bool, err error) {
	for k := range w.cast.shops {
		s := w.cast.shops[(k+popular+which)%len(w.cast.shops)]
		if s.State != "" {
			continue
		}
		list, err := w.server.Settle.Statements(w.ctx, s.owner, s.id, 0, statementsLooked)
		if err != nil {
			return false, err
		}
		for _, st := range list {
			if !st.Open(at.at) {
				continue
			}
			lines, err := settlement.Lines(w.ctx, w.db(), st.ID, 0, 1)
			if err != nil || len(lines) == 0 {
				return false, err
			}
			if _, err := w.server.Settle.Object(w.ctx, s.owner, settle.ObjectCmd{StatementID: st.ID,
				LineIDs: []string{lines[0].ID}, Reason: w.data.Words.Objection[which%2]}); err != nil {
				return false, err
			}
			w.planRuling(at, which, lines[0].ID)
			return true, nil
		}
	}
	return false, nil
}

// planRuling lets finance answer an objection two days later; the last one waits.
func (w *world) planRuling(at *stop, which int, line string) {
	rulings := []settlement.Ruling{{Outcome: settlement.Granted, Reason: w.data.Words.Ruling[0], Compensation: 3_000},
		{Outcome: settlement.Upheld, Reason: w.data.Words.Ruling[1]}}
	if which >= len(rulings) {
		return
	}
	w.at(w.agenda.after(at.at.AddDate(0, 0, 2), desk), func() error {
		return w.server.Settle.Answer(w.ctx, w.cast.finance, settle.AnswerCmd{LineID: line, Ruling: rulings[which]})
	})
}

// planSilentPayment leaves the sale that closed last with one payment of which the gateway says nothing yet.
func (w *world) planSilentPayment() {
	for _, s := range w.cast.sales {
		if s.Plan != lore.PlanClosing {
			continue
		}
		stops := w.agenda.buying(s.starts, s.ends)
		if len(stops) == 0 || stops[len(stops)-1].at.Before(w.agenda.last().at.Add(-23*time.Hour)) {
			continue // a gateway that is silent for more than a day is no trouble of every day
		}
		at := stops[len(stops)-1]
		w.at(at, func() error { return w.paySilently(at, s) })
	}
}

func (w *world) paySilently(at *stop, s *sale) error {
	who := w.cast.people[len(w.cast.people)-1]
	placed, err := w.server.Checkout.Place(w.ctx, checkout.PlaceCmd{Actor: who, DealID: s.id, OptionID: s.options[0].ID,
		Quantity: 1, PolicyID: policy.At(at.at).ID, Key: "town-silent"})
	if err != nil {
		return err
	}
	pages, err := w.server.Checkout.OpenPages(w.ctx, []checkout.PageCmd{{Actor: who, Placed: placed, Title: s.Title}})
	if err != nil {
		return err
	}
	key, err := w.server.Simulator.Authorize(w.ctx, gateway.AuthorizeRequest{CheckoutKey: pages[0].Key,
		Instrument: gateway.InstrumentOK})
	if err != nil {
		return err
	}
	silence := fault.Fault{Mode: fault.ErrorBefore}
	if err := w.plan(fault.Plan{Target: string(placed.PaymentID), Steps: map[fault.Step]fault.Fault{
		fault.Confirm: silence, fault.Lookup: silence}}); err != nil {
		return err
	}
	for _, a := range w.server.Checkout.PayMany(w.ctx, []checkout.PayCmd{{PaymentID: placed.PaymentID,
		PaymentKey: key}}) {
		if a.Err == nil {
			return fmt.Errorf("the gateway was to keep silent about %s", placed.PaymentID)
		}
	}
	return nil
}
