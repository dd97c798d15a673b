package desk

import (
	"strconv"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// boardView is the board in the reader's words.
type boardView struct {
	Topic, Title, Meaning string
	Board                 report.Board
	Wishes                report.WishWork
	Lead                  report.Row
	HasLead, First        bool
	Asking                []report.Row
	Others                []report.Row
	PayoutDay             func(time.Time) time.Time
	Approved              bool
}

func (d Deps) board(r *request.Request) error {
	shop, answered, err := d.Shop(r)
	if err != nil || answered {
		return err
	}
	var board report.Board
	var wishes report.WishWork
	err = d.DB.Read(r.Context(), func(q *db.ReadTx) (err error) {
		if board, err = report.LoadBoard(r.Context(), q, shop.ID, r.Now); err != nil {
			return err
		}
		wishes, err = report.WishWorkOf(r.Context(), q, shop.ID, r.Now)
		return err
	})
	if err != nil {
		return err
	}
	view := boardOf(r.Loc, shop, board, d.PayoutDay)
	view.Wishes = wishes
	if r.Fragment() {
		return r.Render(boardPart(view))
	}
	return r.Render(boardPage(d.Page(r, shop, AtBoard, view.Title), view))
}

func boardOf(loc ui.Loc, shop report.Shop, b report.Board, payout func(time.Time) time.Time) boardView {
	v := boardView{Topic: Topic(shop.ID), Board: b, PayoutDay: payout, First: len(b.Deals) == 0,
		Approved: shop.Approved()}
	v.Lead, v.HasLead = b.Lead()
	for _, row := range b.Deals {
		switch {
		case row.Deal.In(deal.Asking):
			v.Asking = append(v.Asking, row)
			fallthrough
		case row.Gathering(), row.Deal.In(deal.Scheduled), row.Deal.In(deal.Submitted), row.Deal.In(deal.Returned):
			if row.Deal.ID != v.Lead.Deal.ID {
				v.Others = append(v.Others, row)
			}
		}
	}
	v.Title, v.Meaning = headline(loc, v)
	return v
}

// headline is the sentence that the reader came for, and what it means.
func headline(loc ui.Loc, v boardView) (title, meaning string) {
	switch {
	case v.First:
		return loc.T("desk.head.first"), loc.T("desk.head.first_text")
	case v.HasLead && v.Lead.Deal.People > 0:
		meaning = gathering(loc, v.Lead.Deal, v.Board.At)
		if v.guessed() {
			meaning += " " + loc.T("desk.guess.sentence", "Guess", v.guess(loc))
		}
		return loc.T("desk.head.people", "Count", v.Lead.Deal.People), meaning
	case v.HasLead:
		return loc.T("desk.head.waiting"), gathering(loc, v.Lead.Deal, v.Board.At)
	case v.Board.Today.Uses > 0:
		return loc.T("desk.head.visits", "Count", v.Board.Today.Guests), loc.T("desk.head.no_sale")
	}
	return loc.T("desk.head.quiet"), loc.T("desk.head.no_sale")
}

// gathering says how far a sale is and until when.
func gathering(loc ui.Loc, d deal.Deal, now time.Time) string {
	until := Until(loc, d.EndsAt, now)
	switch {
	case d.In(deal.Asking):
		return loc.T("desk.deal.asking", "Until", loc.DateTime(d.AskUntil, now))
	case d.In(deal.Closing):
		return loc.T("desk.deal.closing")
	case d.Tipped():
		return loc.T("desk.deal.open", "Goal", Amount(loc, d.ThresholdKind, d.Threshold), "Until", until)
	}
	return loc.T("desk.deal.missing", "Missing", Amount(loc, d.ThresholdKind, d.Missing()), "Until", until)
}

// Until writes the end of a sale: the midnight after its last day as that day's, any other instant to the minute.
func Until(loc ui.Loc, end, now time.Time) string {
	if end.Equal(deal.WindowEnd(deal.LastDay(end))) {
		return loc.T("desk.until_midnight", "Day", loc.Day(deal.WindowStart(deal.LastDay(end))))
	}
	return loc.DateTime(end, now)
}

// Amount writes a number in the kind that a tipping point counts: 30명, 30장, 300,000원.
func Amount(loc ui.Loc, kind deal.ThresholdKind, n int64) string {
	switch kind {
	case deal.ThresholdPeople:
		return loc.T("desk.kind.people", "Count", n)
	case deal.ThresholdUnits:
		return loc.T("desk.kind.units", "Count", n)
	case deal.ThresholdWon:
	}
	return loc.Won(n)
}

// Ring is a deal's meter; small ones have no room for words.
func Ring(loc ui.Loc, d deal.Deal, size string) ui.Meter {
	m := ui.Meter{Goal: d.Threshold, Paid: d.Progress(), Size: size, Say: loc.Count(d.Progress()),
		Name: loc.T("desk.ring.name", "Paid", Amount(loc, d.ThresholdKind, d.Progress()),
			"Goal", Amount(loc, d.ThresholdKind, d.Threshold))}
	if d.ThresholdKind == deal.ThresholdWon {
		m.Say = loc.Percent(min(10_000, d.Progress()*10_000/max(1, d.Threshold)))
	}
	switch {
	case size != "":
	case d.Tipped():
		m.Sub = loc.T("desk.ring.open")
	default:
		m.Sub = loc.T("desk.ring.goal", "Goal", Amount(loc, d.ThresholdKind, d.Threshold))
	}
	return m
}

// both puts the two satisfactions side by side.
func both(loc ui.Loc, s catalog.Satisfaction) ui.Both {
	b := ui.Both{Apart: s.Apart()}
	if s.GuestsAnswered > 0 {
		b.Guests, b.GuestsNote = tenths(s.GuestsTenths()), loc.T("desk.both.guests", "Count", s.GuestsAnswered)
	} else {
		b.GuestsNote = loc.T("desk.both.nobody")
	}
	if s.ShopAnswered > 0 {
		b.Shop, b.ShopNote = tenths(s.ShopTenths()), loc.T("desk.both.shop", "Count", s.ShopAnswered)
	} else {
		b.ShopNote = loc.T("desk.both.not_yet")
	}
	return b
}

func tenths(n int64) string { return strconv.FormatInt(n/10, 10) + "." + strconv.FormatInt(n%10, 10) }

// each says what one use of the leading deal's vouchers brings.
func (v boardView) each(loc ui.Loc) string {
	if !v.HasLead || v.Lead.Price == 0 {
		return loc.T("desk.held.left", "Count", v.Board.Held.Vouchers)
	}
	low := ledger.Earn(v.Lead.Price, v.Lead.CommissionBP).Net()
	high := ledger.Earn(v.Lead.PriceMost, v.Lead.CommissionBP).Net()
	if low == high {
		return loc.T("desk.held.each", "Count", v.Board.Held.Vouchers, "Won", low)
	}
	return loc.T("desk.held.between", "Count", v.Board.Held.Vouchers, "Low", low, "High", high)
}

// guessed reports that the leading sale has a guess worth showing.
func (v boardView) guessed() bool { return v.HasLead && v.Board.Guessed }

// guess writes where the leading sale will probably end: a range, or one figure when both ends are the same.
func (v boardView) guess(loc ui.Loc) string {
	kind, g := v.Lead.Deal.ThresholdKind, v.Board.Guess
	if g.Low == g.High {
		return Amount(loc, kind, g.Low)
	}
	return loc.T("desk.guess.range", "Low", loc.Count(g.Low), "High", Amount(loc, kind, g.High))
}

// reach says what the number of followers means.
func (v boardView) reach(loc ui.Loc) string {
	switch r := v.Board.Reach; {
	case r.Followers == 0:
		return loc.T("desk.reach.none")
	case r.NewFollowers > 0:
		return loc.T("desk.reach.new", "Count", r.NewFollowers)
	}
	return loc.T("desk.reach.says")
}

// todaySays tells how many came and when their money arrives.
func (v boardView) todaySays(loc ui.Loc) string {
	if v.Board.Today.Uses == 0 {
		return loc.T("desk.today.none")
	}
	return loc.T("desk.today.says", "Count", v.Board.Today.Guests, "Day", loc.Day(v.PayoutDay(v.Board.At)))
}

// chart is today's hours as a sentence, a drawing and a table.
func (v boardView) chart(loc ui.Loc) ui.Chart {
	hour, people := v.Board.Today.Busiest()
	now := v.Board.At.In(report.Zone).Hour()
	c := ui.Chart{Title: loc.T("desk.chart.none"), Note: loc.T("desk.chart.note"), LabelHead: loc.T("desk.chart.hour"),
		ValueHead: loc.T("desk.chart.people")}
	if hour < 0 {
		return c
	}
	c.Title = loc.T("desk.chart.title", "Hour", loc.T("desk.hour."+strconv.Itoa(hour)), "Count", people)
	for h := range now + 1 {
		p := ui.Point{Label: loc.T("desk.chart.at", "Hour", h), Value: v.Board.Today.Hours[h], Tick: h%12 == 0 && h != now,
			Now: h == now}
		if p.Now {
			p.Label = loc.T("desk.chart.now")
		}
		c.Points = append(c.Points, p)
	}
	return c
}

// events are the last moments with the won beside each.
func (v boardView) events(loc ui.Loc) []ui.Event {
	out := make([]ui.Event, len(v.Board.Moments))
	for i, m := range v.Board.Moments {
		name := m.Name
		if name == "" {
			name = loc.T("desk.moment.somebody")
		}
		e := ui.Event{Text: loc.T("desk.moment."+string(m.Kind), "Name", name, "People", m.Units), Sub: sub(loc, m),
			At: m.At, Now: v.Board.At, Minus: m.Won < 0, Won: loc.Count(m.Won),
			Plus: m.Kind == report.Used || m.Kind == report.PaidOut || m.Kind == report.Released}
		switch m.Kind {
		case report.Bought:
			e.Tone, e.Who = ui.Gather, name
		case report.Tipped:
			e.Tone, e.Won = ui.Gather, ""
		case report.Used, report.Released:
			e.Tone, e.Who, e.Won = ui.Act, name, "+"+loc.Count(m.Won)
		case report.Refunded, report.Undone, report.Bounced, report.Disputed:
			e.Tone, e.Who = ui.Loss, name
		case report.Earned, report.Sent:
			e.Tone = ui.Info
		case report.PaidOut:
			e.Tone, e.Won = ui.Act, "+"+loc.Count(m.Won)
		}
		out[i] = e
	}
	return out
}

func sub(loc ui.Loc, m report.Moment) string {
	if m.Branch != "" {
		return m.Branch
	}
	if m.Kind == report.Bought && m.Units > 1 {
		return loc.T("desk.moment.units", "Title", m.Title, "Count", m.Units)
	}
	return m.Title
}

// Lines is the table of vouchers, one a row, newest first.
func lines(loc ui.Loc, list []report.Line, now time.Time, payout func(time.Time) time.Time) ui.Table {
	t := ui.Table{Caption: loc.T("desk.lines.title"), HideCaption: true, Columns: []ui.Column{
		{Label: loc.T("desk.lines.number")}, {Label: loc.T("desk.lines.at")}, {Label: loc.T("desk.lines.guest")},
		{Label: loc.T("desk.lines.price"), Num: true}, {Label: loc.T("desk.lines.commission"), Num: true},
		{Label: loc.T("desk.lines.vat"), Num: true}, {Label: loc.T("desk.lines.net"), Num: true},
		{Label: loc.T("desk.lines.day")}}}
	for _, l := range list {
		number := loc.T("desk.lines.unnumbered")
		if l.Number > 0 {
			number = loc.Count(l.Number)
		}
		t.Rows = append(t.Rows, []ui.Cell{{Text: number}, {Text: loc.DateTime(l.At, now)}, {Text: who(loc, l)},
			{Text: loc.Count(l.Price)}, {Text: loc.Count(l.Commission)}, {Text: loc.Count(l.VAT)},
			{Text: loc.Count(l.Net), Strong: true}, {Text: payableDay(loc, l, payout)}})
	}
	return t
}

func who(loc ui.Loc, l report.Line) string {
	if l.Kind != "use" {
		return loc.T("desk.lines.kind." + l.Kind)
	}
	return l.Name
}

// payableDay says on which day a line's money comes.
func payableDay(loc ui.Loc, l report.Line, payout func(time.Time) time.Time) string {
	day, err := time.ParseInLocation(time.DateOnly, l.PayableDay, report.Zone)
	if err != nil {
		day = payout(l.At)
	}
	return loc.Day(day)
}
