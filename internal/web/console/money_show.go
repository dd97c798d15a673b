package console

import (
	"time"

	"github.com/dure-commerce/dure/internal/flow/settle/custody"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/settlement"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// moneyView is everything about money that waits for a person, and how what is owed is covered.
type moneyView struct {
	Desk    custody.Desk
	Stuck   []payment.Refund
	Due     []settlement.Payout
	Names   map[market.MerchantID]string
	Days    []ledger.SegregationDay
	Owed    payment.InterestSum // interest that has not reached its buyers
	Key     string
	Now     time.Time
	Refused string
}

const (
	moneyRows = 50
	daysShown = 14
)

// money shows the operator's money page.
func (d Deps) money(r *request.Request) error { return d.showMoney(r, nil) }

func (d Deps) showMoney(r *request.Request, refused error) error {
	p, err := page(r, r.Loc.T("console.nav.money"), "/admin/money")
	if err != nil {
		return err
	}
	v := moneyView{Key: r.NewKey(), Now: r.Now, Names: map[market.MerchantID]string{}}
	if v.Desk, err = d.Custody.Desk(r.Context(), r.Actor); err != nil {
		return err
	}
	if v.Stuck, err = d.Refunds.Stuck(r.Context(), r.Actor, moneyRows); err != nil {
		return err
	}
	owed, err := d.Custody.Interest.Owed(r.Context(), r.Actor, "")
	if err != nil {
		return err
	}
	v.Owed = owed.Sum
	if v.Due, err = settlement.Payouts(r.Context(), d.DB, settlement.PayoutDue, "", moneyRows); err != nil {
		return err
	}
	if err := d.names(r, &v); err != nil {
		return err
	}
	if v.Days, err = ledger.SegregationDays(r.Context(), d.DB, "", daysShown); err != nil {
		return err
	}
	if refused != nil {
		v.Refused = r.Say(refused)
		return r.RenderStatus(request.Status(fail.KindOf(refused)), moneyPage(p, v))
	}
	return r.Render(moneyPage(p, v))
}

func (d Deps) names(r *request.Request, v *moneyView) error {
	for _, list := range [][]settlement.Payout{v.Desk.Held, v.Desk.Late, v.Due} {
		for _, p := range list {
			if _, ok := v.Names[p.MerchantID]; ok {
				continue
			}
			m, err := merchant.Find(r.Context(), d.DB, p.MerchantID)
			if err != nil && !db.IsNoRow(err) {
				return err
			}
			v.Names[p.MerchantID] = m.Business.Name
		}
	}
	return nil
}

// decidePayout holds a payout or lets it go.
func (d Deps) decidePayout(r *request.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	id := market.PayoutID(r.PathValue("payout"))
	if f.Values().Get("act") == "release" {
		_, err = d.Settle.Release(r.Context(), r.Actor, id)
	} else {
		_, err = d.Settle.Hold(r.Context(), r.Actor, id, f.Values().Get("reason"))
	}
	return d.after(r, err)
}

// retryRefund asks the gateway once more for a refund that is stuck.
func (d Deps) retryRefund(r *request.Request) error {
	if _, err := r.Form(); err != nil {
		return err
	}
	return d.after(r, d.Refunds.Retry(r.Context(), r.Actor, market.RefundID(r.PathValue("refund"))))
}

// resolveDifference closes a difference with the operator's finding.
func (d Deps) resolveDifference(r *request.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	return d.after(r, d.Custody.ResolveDifference(r.Context(), r.Actor, r.PathValue("difference"),
		f.Values().Get("reason")))
}

// moveCover tops the custody account up, or sweeps earned commission out of it.
func (d Deps) moveCover(r *request.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	won := f.Won("won", 1, 1<<40)
	if err := f.Err(); err != nil {
		return d.after(r, err)
	}
	if f.Values().Get("act") == "sweep" {
		_, err = d.Custody.SweepNow(r.Context(), r.Actor, won)
	} else {
		_, err = d.Custody.TopUp(r.Context(), r.Actor, won)
	}
	return d.after(r, err)
}

func (d Deps) after(r *request.Request, err error) error {
	if err != nil {
		return d.showMoney(r, err)
	}
	r.Flash(ui.Act, "console.money.done")
	return r.Redirect("/admin/money")
}
