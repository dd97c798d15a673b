package console

import (
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/publish"
	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// dealsView is the waiting line, or the deals of one state.
type dealsView struct {
	State deal.State
	Tabs  []ui.Tab
	Rows  []catalog.Card
	Now   time.Time
}

const dealsShown = 200

// deals lists the line in order of arrival; the score beside it sorts nothing away.
func (d Deps) deals(r *request.Request) error {
	p, err := page(r, r.Loc.T("console.nav.deals"), "/admin/deals")
	if err != nil {
		return err
	}
	state := deal.State(r.URL.Query().Get("state"))
	if state == "" {
		state = deal.Submitted
	}
	v := dealsView{State: state, Now: r.Now, Tabs: dealTabs(r.Loc, state)}
	var list []deal.Deal
	if state == deal.Submitted {
		list, err = deal.Queue(r.Context(), d.DB, dealsShown)
	} else {
		list, err = deal.ListByState(r.Context(), d.DB, state, dealsShown)
	}
	if err != nil {
		return err
	}
	ids := make([]market.DealID, len(list))
	for i, one := range list {
		ids[i] = one.ID
	}
	if v.Rows, err = catalog.ByIDs(r.Context(), d.DB, ids); err != nil {
		return err
	}
	for i := range v.Rows {
		v.Rows[i].Deal = list[indexOf(ids, v.Rows[i].Deal.ID)]
	}
	return r.Render(dealsPage(p, v))
}

// dealTabs are the states in which deals are looked at, what waits for the operator first.
func dealTabs(loc ui.Loc, here deal.State) []ui.Tab {
	var tabs []ui.Tab
	for _, s := range []deal.State{deal.Submitted, deal.Scheduled, deal.OnSale, deal.Closing, deal.Asking, deal.Ended,
		deal.Failed, deal.Cancelled, deal.Returned} {
		tabs = append(tabs, ui.Tab{Label: loc.T("console.state." + string(s)), Href: "/admin/deals?state=" + string(s),
			Here: s == here})
	}
	return tabs
}

func indexOf(ids []market.DealID, id market.DealID) int {
	for i, one := range ids {
		if one == id {
			return i
		}
	}
	return 0
}

// dealView is one deal as the operator reviews it.
type dealView struct {
	Deal    deal.Deal
	Offer   deal.Offer
	Card    catalog.Card
	Tables  []deal.Table
	History []deal.LogLine
	Place   int64
	Key     string
	Change  *changeView // nil when none waits
	Sent    string      // the act that was refused, with what was typed for it
	Typed   string
	Now     time.Time
	request.Problems
}

// deal shows one deal with what can be done with it.
func (d Deps) deal(r *request.Request) error { return d.showDeal(r, attempt{}) }

// attempt is an act that was refused, and the reason typed for it.
type attempt struct {
	act, reason string
	err         error
}

func (d Deps) showDeal(r *request.Request, tried attempt) error {
	p, err := page(r, r.Loc.T("console.nav.deals"), "/admin/deals")
	if err != nil {
		return err
	}
	v := dealView{Key: r.NewKey(), Sent: tried.act, Typed: tried.reason, Now: r.Now}
	if v.Deal, v.Offer, err = d.Publish.Load(r.Context(), r.Actor, market.DealID(r.PathValue("deal"))); err != nil {
		return err
	}
	v.Tables = d.Publish.Tables(v.Offer)
	cards, err := catalog.ByIDs(r.Context(), d.DB, []market.DealID{v.Deal.ID})
	if err != nil {
		return err
	}
	if len(cards) > 0 {
		v.Card = cards[0]
	}
	if v.History, err = deal.History(r.Context(), d.DB, v.Deal.ID, 30); err != nil {
		return err
	}
	if v.Place, err = deal.Place(r.Context(), d.DB, v.Deal); err != nil {
		return err
	}
	if v.Change, err = d.change(r.Context(), v.Deal); err != nil {
		return err
	}
	p.Title = v.Offer.Title
	if tried.err == nil {
		return r.Render(dealPage(p, v))
	}
	return r.Fail(tried.err, func(problems request.Problems) templ.Component {
		v.Problems = problems
		return dealPage(p, v)
	})
}

// decideDeal schedules, returns, cancels or answers a proposed change; an operator's price is refused and written down.
func (d Deps) decideDeal(r *request.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	id := market.DealID(r.PathValue("deal"))
	tried := attempt{act: f.Values().Get("act"), reason: f.Values().Get("reason")}
	switch tried.act {
	case "schedule":
		err = d.schedule(r, f, id)
	case "return":
		_, err = d.Publish.Return(r.Context(), r.Actor, id, tried.reason)
	case "cancel":
		_, err = d.Tipping.Cancel(r.Context(), r.Actor, id, tried.reason)
	case "accept_change":
		_, err = d.Publish.Accept(r.Context(), r.Actor, id)
	case "refuse_change":
		_, err = d.Publish.Refuse(r.Context(), r.Actor, publish.RefuseCmd{DealID: id, Reason: tried.reason})
	case "price":
		err = d.Publish.TryPrice(r.Context(), r.Actor, id, f.Won("price", 0, 1<<40))
	default:
		err = request.ErrNoPage
	}
	if err != nil {
		tried.err = err
		return d.showDeal(r, tried)
	}
	r.Flash(ui.Act, "console.deal.done")
	return r.Redirect("/admin/deals/" + string(id))
}

// schedule picks a deal, in its merchant's window or in the one the operator chose.
func (d Deps) schedule(r *request.Request, f *form.Form, id market.DealID) error {
	cmd := publish.ScheduleCmd{DealID: id}
	var err error
	if !f.Blank("starts_on") {
		if cmd.StartsAt, err = bizday.ParseDay(f.Date("starts_on")); err != nil {
			return orFault(f, err)
		}
	}
	if !f.Blank("ends_on") {
		last, err := bizday.ParseDay(f.Date("ends_on"))
		if err != nil {
			return orFault(f, err)
		}
		cmd.EndsAt = bizday.EndOfDay(last)
	}
	_, err = d.Publish.Schedule(r.Context(), r.Actor, cmd)
	return err
}

// orFault prefers the form's own words about a field that could not be read.
func orFault(f *form.Form, err error) error {
	if fault := f.Err(); fault != nil {
		return fault
	}
	return err
}
