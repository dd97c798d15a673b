package console

import (
	"encoding/json"
	"time"

	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/web/ui"
)

func (v dealsView) columns(loc ui.Loc) []ui.Column {
	return []ui.Column{{Label: loc.T("console.deal.place"), Num: true}, {Label: loc.T("console.deal.title")},
		{Label: loc.T("console.deal.shop")}, {Label: loc.T("console.deal.price"), Num: true},
		{Label: loc.T("console.deal.progress"), Num: true}, {Label: loc.T("console.deal.score"), Num: true},
		{Label: loc.T("console.deal.window")}}
}

func (v dealsView) rows(loc ui.Loc) [][]ui.Cell {
	out := make([][]ui.Cell, len(v.Rows))
	for i, c := range v.Rows {
		d := c.Deal
		out[i] = []ui.Cell{{Text: loc.Count(int64(i + 1))},
			{Text: c.Title, Href: "/admin/deals/" + string(d.ID), Strong: true},
			{Text: c.MerchantName, Note: guests(loc, c)}, {Text: loc.Won(c.Price),
				Note: loc.T("console.deal.list", "Won", c.ListPrice)},
			{Text: amount(loc, d, d.Progress()) + " / " + amount(loc, d, d.Threshold)}, {Text: loc.Count(d.Score)},
			{Text: span(loc, d.StartsAt, d.EndsAt, v.Now)}}
	}
	return out
}

func guests(loc ui.Loc, c catalog.Card) string {
	if c.Asked.GuestsAnswered == 0 {
		return loc.T("console.deal.new_shop")
	}
	tenths := c.Asked.GuestsTenths()
	return loc.T("console.deal.guests", "Mean", loc.Count(tenths/10)+"."+loc.Count(tenths%10), "Count",
		c.Asked.GuestsAnswered)
}

// amount writes a count in the kind that the deal's point counts.
func amount(loc ui.Loc, d deal.Deal, n int64) string {
	if d.ThresholdKind == deal.ThresholdWon {
		return loc.Won(n)
	}
	return loc.T("console.count."+string(d.ThresholdKind), "Count", n)
}

// span writes a window with its last day included.
func span(loc ui.Loc, start, end, now time.Time) string {
	if start.IsZero() {
		return "—"
	}
	return loc.Date(start, now) + " – " + loc.Date(end.Add(-time.Second), now)
}

func (v dealView) facts(loc ui.Loc) []ui.Pair {
	d := v.Deal
	pairs := []ui.Pair{
		{Key: loc.T("console.deal.shop"), Value: v.Card.MerchantName},
		{Key: loc.T("console.deal.window"), Value: span(loc, d.StartsAt, d.EndsAt, v.Now)},
		{Key: loc.T("console.deal.point"), Value: amount(loc, d, d.Threshold)},
		{Key: loc.T("console.deal.capacity"), Value: loc.T("console.count.units", "Count", d.Capacity)},
		{Key: loc.T("console.deal.per_person"), Value: loc.T("console.count.units", "Count", d.PerPerson)},
		{Key: loc.T("console.deal.valid"), Value: loc.T("console.days", "Count", v.Offer.ValidDays)},
		{Key: loc.T("console.deal.basis"), Value: v.Offer.PriceBasis},
		{Key: loc.T("console.deal.bearer"), Value: loc.T("console.deal.bearer_share", "Percent",
			loc.Percent(v.Offer.MerchantShareBP))},
	}
	if d.State == deal.Submitted {
		pairs = append(pairs, ui.Pair{Key: loc.T("console.deal.place"), Value: loc.T("console.deal.nth", "Count", v.Place)})
	}
	return pairs
}

// score lists the parts of the score; discount, price and quantity are not among them.
func (v dealView) score(loc ui.Loc) []ui.Pair {
	var s report.Standing
	if json.Unmarshal([]byte(v.Deal.ScoreParts), &s) != nil {
		return nil
	}
	part := func(key string, n int64) ui.Pair {
		return ui.Pair{Key: loc.T("console.score." + key), Value: loc.Count(n)}
	}
	return []ui.Pair{part("satisfaction", s.Satisfaction), part("promises", s.Promises), part("region", s.Region),
		part("category", s.Category), {Key: loc.T("console.score.all"), Value: loc.Count(v.Deal.Score), Total: true}}
}

func (v dealView) tableColumns(loc ui.Loc) []ui.Column {
	return []ui.Column{{Label: loc.T("console.table.option")}, {Label: loc.T("console.table.list"), Num: true},
		{Label: loc.T("console.table.price"), Num: true}, {Label: loc.T("console.table.commission"), Num: true},
		{Label: loc.T("console.table.vat"), Num: true}, {Label: loc.T("console.table.net"), Num: true},
		{Label: loc.T("console.table.quantity"), Num: true}}
}

func (v dealView) tableRows(loc ui.Loc) [][]ui.Cell {
	out := make([][]ui.Cell, len(v.Tables))
	for i, t := range v.Tables {
		o := v.Offer.Options[i]
		out[i] = []ui.Cell{{Text: o.Name, Strong: true}, {Text: loc.Won(t.ListPrice)}, {Text: loc.Won(t.Price)},
			{Text: loc.Won(t.Commission), Note: loc.Percent(t.CommissionBP)}, {Text: loc.Won(t.CommissionVAT)},
			{Text: loc.Won(t.Net), Strong: true}, {Text: loc.Count(o.Quantity)}}
		if t.Loss {
			out[i][5].Tone, out[i][5].Note = ui.Loss, loc.T("console.table.loss")
		}
	}
	return out
}

func (v dealView) events(loc ui.Loc) []ui.Event {
	out := make([]ui.Event, len(v.History))
	for i, l := range v.History {
		out[i] = ui.Event{Text: loc.T("console.log." + l.Action), Sub: l.Detail, At: l.At, Now: v.Now}
	}
	return out
}

// offers tells which acts the deal's state has for an operator, as its table of transitions says.
func (v dealView) offers(action deal.Action) bool {
	_, err := deal.Next(v.Deal.State, action, deal.ByOperator)
	return err == nil
}

func (v dealView) day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return bizday.Day(t)
}

func (v dealView) lastDay() string { return v.day(v.Deal.EndsAt.Add(-time.Second)) }

// paidBack says what a cancellation would give back, before it is done.
func (v dealView) paidBack(loc ui.Loc) string {
	return loc.T("console.deal.cancel_means", "People", v.Deal.People, "Won", loc.Won(v.Deal.PaidWon))
}
