package sim

import (
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/sim/crowd"
)

// everyVillage: one history in so many has people with wishes beside its deals.
const everyVillage = 3

// aside is how much rarer dealing is where people have wishes.
const aside = 4

var deals = map[string]bool{"draft": true, "submit": true, "review": true, "place": true, "pay": true, "again": true,
	"leave": true, "refund": true, "redeem": true, "undo": true, "outlive": true, "hoard": true, "answer": true,
	"cancel": true}

// host lets a crowd live in a history.
type host struct{ w *world }

func (h host) Core() *app.Core                 { return h.w.core }
func (h host) Below(n int) int                 { return h.w.below(n) }
func (h host) Note(format string, args ...any) { h.w.note(format, args...) }
func (h host) Met(what string)                 { h.w.met(what) }
func (h host) Key() string                     { return h.w.key() }
func (h host) Survive(fn func() error) error   { return h.w.survive(fn) }

func (h host) Died() error { return errDied }

// asksDeposits reports a history under the policy that asks for deposits of bids: every other one of a village.
func asksDeposits(seed uint64) bool { return seed%(2*everyVillage) == 0 }

// depositsFrom is a Wednesday, 10:00 in Seoul, when that policy is in force.
func depositsFrom() time.Time { return time.Date(2027, time.March, 3, 1, 0, 0, 0, time.UTC) }

// settleVillage brings people with wishes into the histories whose turn it is, with what they do and what must hold of
// it.
func (w *world) settleVillage() (err error) {
	w.all = actions()
	w.always, w.under, w.resting = cheap(), underWay(), restful()
	if w.Seed%everyVillage != 0 {
		return nil
	}
	if w.village, err = crowd.New(w.ctx, w.DB, w.Clock, host{w}); err != nil {
		return err
	}
	for i, a := range w.all {
		if deals[a.name] {
			w.all[i].weight = (a.weight + aside - 1) / aside
		}
	}
	for _, a := range w.village.Actions() {
		w.all = append(w.all, action{a.Name, a.Weight, func(*world) error { return a.Do() }})
	}
	w.always = append(w.always, asserted(crowd.Always())...)
	w.under = append(w.under, asserted(crowd.Under())...)
	w.resting = append(w.resting, asserted(crowd.Rest())...)
	return nil
}

func asserted(list []crowd.Assertion) []assertion {
	out := make([]assertion, len(list))
	for i, a := range list {
		out[i] = assertion{a.What, a.Text}
	}
	return out
}

// examine asks the doctor's questions of a village that has come to rest, but for those about what nobody does here:
// the operator tops nothing up in time, and the shops name no account for their payouts.
func (w *world) examine() error {
	if w.village == nil {
		return nil
	}
	report, err := doctor.Check(w.ctx, w.DB, doctor.Options{})
	if err != nil {
		return err
	}
	for _, a := range report.Answers {
		if len(a.Findings) > 0 && a.Question != "ledger_coverage" && a.Question != "settlement_due" {
			return fmt.Errorf("broken: doctor's %s: %+v", a.Question, a.Findings)
		}
	}
	return nil
}
