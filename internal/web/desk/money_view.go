package desk

import (
	"errors"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/settle"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/settlement"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

const (
	statementsShown = 31
	payoutsShown    = 12
	linesShown      = 100
	linesChunk      = 500
)

type moneyView struct {
	Shop       report.Shop
	Money      report.Money
	Statements []report.Statement
	Payouts    []report.Payout
	Newest     []report.Line
	More       string
	Now        time.Time
	PayoutDay  func(time.Time) time.Time
}

func (d Deps) money(r *request.Request) error {
	shop, answered, err := d.Shop(r)
	if err != nil || answered {
		return err
	}
	if err := right.Check(r.Actor, right.StatementView, right.Of(shop.ID)); err != nil {
		return err
	}
	v := moneyView{Shop: shop, Now: r.Now, PayoutDay: d.PayoutDay}
	before, err := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64)
	if err != nil {
		before = 0 // a number that nobody can read begins at the newest
	}
	err = d.DB.Read(r.Context(), func(q *db.ReadTx) (err error) {
		if v.Money, err = report.MoneyOf(r.Context(), q, shop.ID); err != nil {
			return err
		}
		if v.Statements, err = report.Statements(r.Context(), q, shop.ID, before, statementsShown); err != nil {
			return err
		}
		if v.Newest, err = report.Latest(r.Context(), q, shop.ID, linesMax); err != nil {
			return err
		}
		v.Payouts, err = report.Payouts(r.Context(), q, shop.ID, payoutsShown)
		return err
	})
	if err != nil {
		return err
	}
	if len(v.Statements) == statementsShown {
		v.More = "/office/money?before=" + whole(v.Statements[statementsShown-1].Number)
	}
	if r.Fragment() {
		return r.Render(moneyPart(v))
	}
	return r.Render(moneyPage(d.Page(r, shop, AtMoney, r.Loc.T("desk.money.title")), v))
}

const linesMax = 8

// head is the sentence of the money page: what comes next, or what lies ready.
func (v moneyView) head(loc ui.Loc) string {
	switch {
	case v.Money.Payable > 0:
		return loc.T("desk.money.head_payable", "Won", v.Money.Payable)
	case v.Money.Pending > 0:
		return loc.T("desk.money.head_pending", "Won", v.Money.Pending)
	case v.Money.Paid > 0:
		return loc.T("desk.money.head_paid", "Won", v.Money.Paid)
	}
	return loc.T("desk.money.head_none")
}

func (v moneyView) statements(loc ui.Loc) ui.Table {
	t := ui.Table{Caption: loc.T("desk.statements.title"), HideCaption: true, After: v.More, Columns: []ui.Column{
		{Label: loc.T("desk.statements.number")}, {Label: loc.T("desk.statements.day")},
		{Label: loc.T("desk.statements.lines"), Num: true}, {Label: loc.T("desk.statements.price"), Num: true},
		{Label: loc.T("desk.statements.fee"), Num: true}, {Label: loc.T("desk.statements.net"), Num: true},
		{Label: loc.T("desk.statements.state")}}}
	for _, s := range v.Statements {
		state := statementChip(loc, s)
		t.Rows = append(t.Rows, []ui.Cell{
			{Text: loc.T("desk.statements.no", "Number", s.Number), Href: "/office/money/" + url.PathEscape(string(s.ID))},
			{Text: dayText(loc, s.Day)}, {Text: loc.Count(s.Lines)}, {Text: loc.Count(s.Price)},
			{Text: loc.Count(s.Commission + s.VAT)}, {Text: loc.Count(s.Net), Strong: true}, {Content: state}})
	}
	return t
}

func statementChip(loc ui.Loc, s report.Statement) ui.Chip {
	switch {
	case s.PayoutState == "confirmed":
		return ui.Chip{Label: loc.T("desk.statements.paid"), Tone: ui.Act, Icon: "check"}
	case s.PayoutID != "":
		return ui.Chip{Label: loc.T("desk.statements.sent"), Tone: ui.Info}
	case s.State == "confirmed":
		return ui.Chip{Label: loc.T("desk.statements.confirmed"), Tone: ui.Info}
	case s.State == "paid":
		return ui.Chip{Label: loc.T("desk.statements.closed"), Tone: ui.Act}
	}
	return ui.Chip{Label: loc.T("desk.statements.issued"), Tone: ui.Warn}
}

// dayText writes a day that a table keeps as text.
func dayText(loc ui.Loc, day string) string {
	t, err := time.ParseInLocation(time.DateOnly, day, report.Zone)
	if err != nil {
		return day
	}
	return loc.Day(t)
}

func (v moneyView) payouts(loc ui.Loc) []ui.Event {
	out := make([]ui.Event, len(v.Payouts))
	for i, p := range v.Payouts {
		e := ui.Event{Text: loc.T("desk.payouts."+p.State, "Day", dayText(loc, p.Day)), Won: loc.Count(p.Amount),
			Sub: loc.T("desk.payouts.to", "Tail", p.BankAccount), Tone: ui.Info}
		switch p.State {
		case "confirmed":
			e.Tone, e.Plus, e.Won = ui.Act, true, "+"+loc.Count(p.Amount)
		case "held":
			e.Tone, e.Sub = ui.Warn, loc.T("desk.payouts.hold_"+p.HoldCode)
			if p.HoldReason != "" {
				e.Sub += " · " + ui.BankSays(loc, p.HoldReason)
			}
		case "returned":
			e.Tone = ui.Loss
		}
		out[i] = e
	}
	return out
}

type statementView struct {
	S        report.Statement
	Lines    []report.Line
	More     string
	Now      time.Time
	Answer   bool // may confirm and object now
	Others   bool // only the owner may, and it is not the reader
	Problems request.Problems
	Reason   string
	Chosen   map[string]bool
}

// statementOf finds a statement of the shop whose desk is open.
func (d Deps) statementOf(r *request.Request) (report.Shop, statementView, bool, error) {
	shop, answered, err := d.Shop(r)
	if err != nil || answered {
		return shop, statementView{}, answered, err
	}
	if err := right.Check(r.Actor, right.StatementView, right.Of(shop.ID)); err != nil {
		return shop, statementView{}, false, err
	}
	s, found, err := report.FindStatement(r.Context(), d.DB, market.StatementID(r.PathValue("statement")))
	if err != nil {
		return shop, statementView{}, false, err
	}
	if !found || s.MerchantID != shop.ID {
		return shop, statementView{}, false, right.ErrHidden
	}
	open := d.Settle != nil && s.State == "issued" && r.Now.Before(s.ObjectUntil)
	may := right.Can(r.Actor, right.StatementAnswer, right.Of(shop.ID))
	v := statementView{S: s, Now: r.Now, Chosen: map[string]bool{}, Answer: open && may, Others: open && !may}
	after, err := strconv.ParseInt(r.URL.Query().Get("after"), 10, 64)
	if err != nil {
		after = 0
	}
	if v.Lines, err = report.LinesOf(r.Context(), d.DB, s.ID, after, linesShown); err != nil {
		return shop, v, false, err
	}
	if len(v.Lines) == linesShown {
		v.More = "/office/money/" + string(s.ID) + "?after=" + whole(v.Lines[linesShown-1].Number)
	}
	return shop, v, false, nil
}

func (d Deps) statement(r *request.Request) error {
	shop, v, answered, err := d.statementOf(r)
	if err != nil || answered {
		return err
	}
	return r.Render(statementPage(d.statementFrame(r, shop, v), v))
}

func (d Deps) statementFrame(r *request.Request, shop report.Shop, v statementView) ui.Page {
	page := d.Page(r, shop, AtMoney, r.Loc.T("desk.statements.no", "Number", v.S.Number))
	page.Crumbs = []ui.Link{{Label: r.Loc.T("desk.nav.money"), Href: "/office/money"}, {Label: page.Title}}
	return page
}

// answer confirms a statement, or objects to some of its lines.
func (d Deps) answer(r *request.Request) error {
	shop, v, answered, err := d.statementOf(r)
	if err != nil || answered {
		return err
	}
	if d.Settle == nil {
		return right.ErrHidden
	}
	form, err := r.Form()
	if err != nil {
		return err
	}
	act := form.Choice("act", "confirm", "object")
	v.Reason = form.Multiline("reason", 0, reasonMax)
	ids := form.Values()["line"]
	for _, id := range ids {
		v.Chosen[id] = true
	}
	if err = form.Err(); err == nil {
		if act == "confirm" {
			_, err = d.Settle.Confirm(r.Context(), r.Actor, v.S.ID)
		} else {
			_, err = d.Settle.Object(r.Context(), r.Actor, settle.ObjectCmd{StatementID: v.S.ID, LineIDs: ids,
				Reason: v.Reason})
		}
	}
	if err != nil {
		if errors.Is(err, settlement.ErrReason) {
			err = settlement.ErrReason.On("reason")
		}
		return r.Fail(err, func(p request.Problems) templ.Component {
			v.Problems = p
			return statementPage(d.statementFrame(r, shop, v), v)
		})
	}
	r.Flash(ui.Act, "desk.statement.done_"+act)
	return r.Redirect("/office/money/" + string(v.S.ID))
}

const reasonMax = 1000

// head is the sentence of a statement.
func (v statementView) head(loc ui.Loc) string {
	coming := v.S.Net - v.S.Apart // lines under objection do not come with the rest
	if v.S.PayoutState == "confirmed" {
		return loc.T("desk.statement.head_paid", "Won", coming)
	}
	return loc.T("desk.statement.head", "Won", coming, "Day", dayText(loc, v.S.PayableDay))
}

// means tells until when one can object, or how it was confirmed.
func (v statementView) means(loc ui.Loc) string {
	switch {
	case v.S.State == "issued":
		return loc.T("desk.statement.until", "Until", loc.DateTime(v.S.ObjectUntil, v.Now))
	case v.S.ConfirmedBy == "":
		return loc.T("desk.statement.silence", "At", loc.DateTime(v.S.ConfirmedAt, v.Now))
	}
	return loc.T("desk.statement.confirmed", "At", loc.DateTime(v.S.ConfirmedAt, v.Now))
}

// story is a statement from its first sale to the bank.
func (v statementView) story(loc ui.Loc) []ui.Event {
	at := func(key string, t time.Time) ui.Event {
		return ui.Event{Text: loc.T(key), At: t, Now: v.Now, Tone: ui.Act, Todo: t.IsZero()}
	}
	return []ui.Event{at("desk.statement.story_issued", v.S.IssuedAt),
		at("desk.statement.story_confirmed", v.S.ConfirmedAt), at("desk.statement.story_paid", v.S.PaidAt)}
}

// statementFile sends a statement's lines as a table for a spreadsheet.
func (d Deps) statementFile(r *request.Request) error {
	_, v, answered, err := d.statementOf(r)
	if err != nil || answered {
		return err
	}
	head := []string{"number", "when", "who", "option", "branch", "units", "price", "commission", "vat", "net", "kind"}
	for i, key := range head {
		head[i] = r.Loc.T("desk.file." + key)
	}
	out, err := startFile(r, "statement-"+v.S.Day, head)
	if err != nil {
		return err
	}
	after := int64(0)
	for {
		list, err := report.LinesOf(r.Context(), d.DB, v.S.ID, after, linesChunk)
		if err != nil {
			return out.broken(err)
		}
		for _, l := range list {
			out.row(whole(l.Number), stamp(l.At), l.Name, l.Title, l.Branch, whole(l.Units), whole(l.Price),
				whole(l.Commission), whole(l.VAT), whole(l.Net), r.Loc.T("desk.lines.kind."+l.Kind))
			after = l.Number
		}
		if len(list) < linesChunk {
			return out.end()
		}
	}
}

// table is the statement's lines.
func (v statementView) table(loc ui.Loc) ui.Table {
	t := ui.Table{Caption: loc.T("desk.lines.title"), HideCaption: true, After: v.More, Columns: []ui.Column{
		{Label: loc.T("desk.lines.number")}, {Label: loc.T("desk.lines.at")}, {Label: loc.T("desk.lines.guest")},
		{Label: loc.T("desk.lines.price"), Num: true}, {Label: loc.T("desk.lines.commission"), Num: true},
		{Label: loc.T("desk.lines.vat"), Num: true}, {Label: loc.T("desk.lines.net"), Num: true},
		{Label: loc.T("desk.statement.said"), Narrow: true}}}
	for _, l := range v.Lines {
		guest := ui.Cell{Text: who(loc, l), Note: l.Title}
		said := ui.Cell{}
		if l.Apart != "" || l.Reason != "" {
			said.Content = lineSaid(l)
		}
		t.Rows = append(t.Rows, []ui.Cell{{Content: lineNumber(v, l)},
			{Text: loc.DateTime(l.At, v.Now), Note: l.Branch}, guest,
			{Text: loc.Count(l.Price)}, {Text: loc.Count(l.Commission)}, {Text: loc.Count(l.VAT)},
			{Text: loc.Count(l.Net), Strong: true}, said})
	}
	return t
}
