package desk

import (
	"errors"
	"net/url"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// dealView is a deal that was handed in, as its shop follows it.
type dealView struct {
	Row      report.Row
	Terms    deal.Terms
	Options  []deal.Option
	History  []deal.LogLine
	Sum      report.SaleSum
	Place    int64 // in the waiting line, 0 outside it
	Standing report.Standing
	Scored   bool
	Weights  policy.Queue
	Proposal *deal.Terms // waiting, or refused last
	Now      time.Time
	Withdraw bool
	Change   bool
}

const historyMax = 30

// Overview shows a deal that was handed in; the editor shows those that were not.
func (d Deps) Overview(r *request.Request, shop report.Shop, row report.Row) error {
	v := dealView{Row: row, Now: r.Now, Weights: policy.At(r.Now).Queue, Change: row.Deal.MayPropose() == nil &&
		right.Can(r.Actor, right.DealEdit, right.Of(shop.ID))}
	err := d.DB.Read(r.Context(), func(q *db.ReadTx) (err error) {
		id := row.Deal.ID
		if v.Terms, err = deal.FindTerms(r.Context(), q, id, row.Deal.TermsVersion); err != nil {
			return err
		}
		if v.Options, err = deal.Options(r.Context(), q, id); err != nil {
			return err
		}
		if v.History, err = deal.History(r.Context(), q, id, historyMax); err != nil {
			return err
		}
		if v.Sum, err = report.Sums(r.Context(), q, row.Deal); err != nil {
			return err
		}
		if row.Deal.In(deal.Submitted) {
			if v.Place, err = deal.Place(r.Context(), q, row.Deal); err != nil {
				return err
			}
			v.Withdraw = right.Can(r.Actor, right.DealWithdraw, right.Of(shop.ID))
		}
		versions, err := deal.Versions(r.Context(), q, id)
		if len(versions) > 0 && (versions[0].State == deal.TermsProposed || versions[0].State == deal.TermsRefused) {
			v.Proposal = &versions[0]
		}
		return err
	})
	if err != nil {
		return err
	}
	v.Standing, v.Scored = report.ReadStanding(row.Deal.ScoreParts)
	if r.Fragment() {
		return r.Render(dealPart(v))
	}
	page := d.Page(r, shop, AtDeals, titleOf(r.Loc, row))
	page.Crumbs = crumbs(r.Loc, row)
	return r.Render(dealPage(page, v))
}

func crumbs(loc ui.Loc, row report.Row, more ...ui.Link) []ui.Link {
	return append([]ui.Link{{Label: loc.T("desk.nav.deals"), Href: "/office/deals"},
		{Label: titleOf(loc, row), Href: Address(row.Deal.ID)}}, more...)
}

// head is the sentence of a deal's page.
func (v dealView) head(loc ui.Loc) string {
	d := v.Row.Deal
	switch {
	case d.In(deal.Submitted):
		return loc.T("desk.deal.place", "Place", v.Place)
	case v.Row.Gathering() && d.People > 0:
		return loc.T("desk.head.people", "Count", d.People)
	case d.In(deal.Ended):
		return loc.T("desk.deal.head_ended", "Count", d.People)
	}
	return titleOf(loc, v.Row)
}

// parts are the rows of a standing's table: what, how much, of how much, and why.
func (v dealView) parts(loc ui.Loc) ui.Table {
	f := v.Standing.Facts
	taste := loc.T("desk.score.satisfaction_why", "Count", f.Answers, "Mean", tenths(f.Tenths))
	if f.NewTaste {
		taste = loc.T("desk.score.new", "Count", f.Answers)
	}
	kept := loc.T("desk.score.promises_why", "Uses", f.Uses, "Broken", f.Broken)
	if f.NewPromise {
		kept = loc.T("desk.score.new_uses", "Count", f.Uses)
	}
	t := ui.Table{Caption: loc.T("desk.score.title"), HideCaption: true, Columns: []ui.Column{
		{Label: loc.T("desk.score.part")}, {Label: loc.T("desk.score.reached"), Num: true},
		{Label: loc.T("desk.score.weight"), Num: true}, {Label: loc.T("desk.score.why")}}}
	for _, p := range []struct {
		key             string
		reached, weight int64
		why             string
	}{
		{"satisfaction", v.Standing.Satisfaction, v.Weights.Satisfaction, taste},
		{"promises", v.Standing.Promises, v.Weights.Promises, kept},
		{"region", v.Standing.Region, v.Weights.Region, loc.T("desk.score.region_why", "Count", f.InRegion)},
		{"category", v.Standing.Category, v.Weights.Category, loc.T("desk.score.category_why", "Count", f.InCategory)},
		{"discount", 0, v.Weights.Discount, loc.T("desk.score.discount_why")},
	} {
		reached := loc.Count(p.reached)
		if p.key == "discount" {
			reached = "–"
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: loc.T("desk.score." + p.key), Strong: true}, {Text: reached},
			{Text: loc.T("desk.score.of", "Weight", p.weight)}, {Text: p.why}})
	}
	return t
}

// history is a deal's own story, newest first.
func (v dealView) history(loc ui.Loc) []ui.Event {
	out := make([]ui.Event, 0, len(v.History))
	for _, l := range v.History {
		key := "desk.log." + l.Action
		e := ui.Event{Text: loc.T(key), At: l.At, Now: v.Now}
		switch l.Action {
		case "return", "propose", "change_accepted", "change_refused":
			e.Sub = l.Detail
		case "ended", "on_sale":
			e.Tone = ui.Act
		case "failed", "cancelled":
			e.Tone = ui.Loss
		}
		out = append(out, e)
	}
	return out
}

// optionsTable is what is sold and what one use of each brings.
func (v dealView) optionsTable(loc ui.Loc) ui.Table {
	t := ui.Table{Caption: loc.T("desk.options.title"), HideCaption: true, Columns: []ui.Column{
		{Label: loc.T("desk.options.name")}, {Label: loc.T("desk.options.price"), Num: true},
		{Label: loc.T("desk.options.net"), Num: true}, {Label: loc.T("desk.options.sold"), Num: true},
		{Label: loc.T("desk.options.left"), Num: true}}}
	for _, o := range v.Options {
		net := ledger.Earn(o.Price, v.Terms.CommissionBP).Net()
		t.Rows = append(t.Rows, []ui.Cell{{Text: o.Name}, {Text: loc.Won(o.Price)}, {Text: loc.Won(net), Strong: true},
			{Text: loc.Count(o.PaidUnits)}, {Text: loc.Count(o.Free())}})
	}
	return t
}

// shortView is what each answer to a short sale means in won.
type shortView struct {
	Row      report.Row
	Units    int64
	Won      int64 // paid so far
	Net      int64 // what the shop earns when every voucher is used
	Until    string
	Last     string // the latest day that can be chosen
	Now      time.Time
	Problems request.Problems
	Chosen   string
	Key      string
	May      bool
}

func (d Deps) short(r *request.Request) error {
	shop, row, answered, err := d.Deal(r)
	if err != nil || answered {
		return err
	}
	if !row.Deal.In(deal.Asking) {
		return r.Redirect(Address(row.Deal.ID))
	}
	v, err := d.shortOf(r, row)
	if err != nil {
		return err
	}
	return r.Render(shortPage(d.shortFrame(r, shop, row), v))
}

func (d Deps) shortFrame(r *request.Request, shop report.Shop, row report.Row) ui.Page {
	page := d.Page(r, shop, AtDeals, r.Loc.T("desk.short.title"))
	page.Crumbs = crumbs(r.Loc, row, ui.Link{Label: r.Loc.T("desk.short.title")})
	return page
}

func (d Deps) shortOf(r *request.Request, row report.Row) (shortView, error) {
	options, err := deal.Options(r.Context(), d.DB, row.Deal.ID)
	last := deal.LastDay(row.Deal.ExtendUntilMax(r.Now))
	v := shortView{Row: row, Units: row.Deal.PaidUnits, Won: row.Deal.PaidWon, Now: r.Now, Last: last, Until: last,
		May: right.Can(r.Actor, right.DealDecideShort, right.Of(row.Deal.MerchantID))}
	for _, o := range options {
		v.Net += o.PaidUnits * ledger.Earn(o.Price, row.CommissionBP).Net()
	}
	return v, err
}

func (d Deps) decideShort(r *request.Request) error {
	shop, row, answered, err := d.Deal(r)
	if err != nil || answered {
		return err
	}
	form, err := r.Form()
	if err != nil {
		return err
	}
	answer := form.Choice("answer", "accept", "extend", "refund")
	var until time.Time
	if answer == "extend" {
		until = deal.WindowEnd(form.Date("until"))
	}
	if err = form.Err(); err == nil {
		switch answer {
		case "accept":
			_, err = d.Tipping.Accept(r.Context(), r.Actor, row.Deal.ID)
		case "extend":
			_, err = d.Tipping.Extend(r.Context(), r.Actor, row.Deal.ID, until)
		case "refund":
			_, err = d.Tipping.Refuse(r.Context(), r.Actor, row.Deal.ID)
		}
	}
	if errors.Is(err, deal.ErrExtend) {
		err = deal.ErrExtend.On("until")
	}
	if err != nil {
		v, loadErr := d.shortOf(r, row)
		if loadErr != nil {
			return loadErr
		}
		v.Chosen, v.Until = answer, form.Values().Get("until")
		return r.Fail(err, func(p request.Problems) templ.Component {
			v.Problems = p
			return shortPage(d.shortFrame(r, shop, row), v)
		})
	}
	r.Flash(ui.Act, "desk.short.done_"+answer)
	return r.Redirect(Address(row.Deal.ID))
}

// withdraw takes a deal out of the waiting line.
func (d Deps) withdraw(r *request.Request) error {
	_, row, answered, err := d.Deal(r)
	if err != nil || answered {
		return err
	}
	if _, err := d.Publish.Withdraw(r.Context(), r.Actor, row.Deal.ID); err != nil {
		return err
	}
	r.Flash(ui.Quiet, "desk.deal.withdrawn")
	return r.Redirect("/office/deals")
}

// publicHref is a deal's page as shoppers see it.
func (v dealView) publicHref() string {
	if !v.Row.Deal.Visible(v.Now) {
		return ""
	}
	return "/d/" + url.PathEscape(string(v.Row.Deal.ID))
}
