package counter

import (
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/voucher"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Kinds of a sheet: what a script makes sound and tremble by.
const (
	idleKind    = ""
	usableKind  = "usable"
	refusedKind = "refused"
	doneKind    = "done"
	undoneKind  = "undone"
)

// scanView is the counter.
type scanView struct {
	Place   string
	Several bool
	Staff   string // whose pending scans this device may ask about
	Now     time.Time
	Sheet   sheetView
	Today   todayView
}

// sheetView is what rises from below: a voucher, a refusal, or what was done.
type sheetView struct {
	Kind     string
	Chip     string
	Tone     ui.Tone
	Title    string
	Guest    string
	Sentence string
	Detail   string
	Todo     string
	Ask      question
	Do       string // what the big button says, "" as for vouchers
	UnitsMax int64  // a stepper when more than one
	Undo     string
}

// button is what the big button says.
func (v sheetView) button(loc ui.Loc) string {
	if v.Do != "" {
		return v.Do
	}
	return loc.T("counter.use")
}

// question is what the big button sends.
type question struct {
	Code  string
	Units int64
	Nonce string
}

const dot = " · "

func placeName(loc ui.Loc, p redeem.Place) string {
	name := p.Branch
	if name == "" {
		name = loc.T("counter.all_branches")
	}
	if p.Merchant == "" {
		return name
	}
	if p.Branch == "" {
		return p.Merchant
	}
	return p.Merchant + dot + name
}

func placeChoices(loc ui.Loc, list []redeem.Place, kept string) []ui.Choice {
	out := make([]ui.Choice, len(list))
	for i, p := range list {
		out[i] = ui.Choice{Value: placeValue(p), Label: placeName(loc, p), Icon: "store", Checked: placeValue(p) == kept}
	}
	return out
}

func guestName(loc ui.Loc, masked string) string {
	if masked == "" {
		return loc.T("counter.guest_unknown")
	}
	return loc.T("counter.guest", "Name", masked)
}

func lookSheet(loc ui.Loc, l redeem.Look, q question) sheetView {
	v := l.Voucher
	visit := loc.T("counter.first_visit")
	if l.Visits > 0 {
		visit = loc.T("counter.visits", "Count", l.Visits+1)
	}
	return sheetView{Kind: usableKind, Chip: loc.T("counter.usable"), Tone: ui.Act, Title: l.Terms.Title,
		Guest: strings.Join([]string{guestName(loc, l.Guest), loc.T("counter.units", "Total", v.UnitsTotal, "Left",
			v.UnitsLeft()), loc.T("counter.no_extra")}, dot),
		Detail: l.Option.Name + dot + visit, Ask: q, UnitsMax: v.UnitsLeft()}
}

// refusal is why a voucher cannot be used, with all that is known of it.
type refusal struct {
	Look  redeem.Look
	Err   error
	Say   string // the reason in the reader's words
	Place string // name of the branch that the reason speaks of
	Now   time.Time
}

// refusedSheet says one plain sentence for the customer and what to do now.
func refusedSheet(loc ui.Loc, f refusal) sheetView {
	v := sheetView{Kind: refusedKind, Chip: loc.T("counter.unusable"), Tone: ui.Loss, Title: f.Look.Terms.Title,
		Sentence: f.Say}
	if f.Look.Guest != "" {
		v.Guest = guestName(loc, f.Look.Guest)
	}
	e, ok := fail.As(f.Err)
	if !ok {
		return v
	}
	if reason, found := strings.CutPrefix(e.Code, "redeem."); found && hasTodo(e) {
		v.Todo = loc.T("redeem.todo." + reason)
	}
	if at, ok := e.Args["At"].(time.Time); ok {
		v.Detail = loc.T("redeem.used_when_only", "At", loc.DateTime(at, f.Now))
		if f.Place != "" {
			v.Detail = loc.T("redeem.used_when", "At", loc.DateTime(at, f.Now), "Place", f.Place)
		}
	}
	if until, ok := e.Args["Until"].(time.Time); ok && e.Is(voucher.ErrExpired) {
		v.Detail = loc.T("redeem.until", "Until", loc.FullDate(until.Add(-time.Nanosecond)))
	}
	if e.Kind == fail.TooMany {
		v.Tone, v.Sentence = ui.Warn, loc.T("counter.tries")
	}
	return v
}

// hasTodo reports a reason for which the catalogue knows what to do.
func hasTodo(e *fail.Error) bool {
	for _, reason := range voucher.Reasons() {
		if e.Is(reason) {
			return true
		}
	}
	return false
}

// usedSheet is the answer to the big button. Only those who may see the shop's money hear what was earned.
func usedSheet(loc ui.Loc, actor market.Actor, used redeem.Redeemed) sheetView {
	x := used.Redemption
	v := sheetView{Kind: doneKind, Chip: loc.T("counter.done"), Tone: ui.Act, Sentence: loc.T("counter.done"),
		Undo: string(x.ID)}
	var details []string
	if used.Again {
		details = append(details, loc.T("counter.done_again"))
	}
	if left := used.Voucher.UnitsLeft(); left > 0 {
		details = append(details, loc.T("counter.left_after", "Count", left))
	}
	v.Detail = strings.Join(details, dot)
	if right.Can(actor, right.RedemptionMoney, right.At(x.MerchantID, x.BranchID)) {
		v.Guest = loc.T("counter.earned", "Won", x.Net)
	}
	return v
}

func doneSheet(loc ui.Loc, d redeem.Done) sheetView {
	v := sheetView{Kind: doneKind, Chip: loc.T("counter.done"), Tone: ui.Act, Sentence: loc.T("counter.done"),
		Title: d.Title, Detail: guestName(loc, d.Guest)}
	if d.Money {
		v.Guest = loc.T("counter.earned", "Won", d.Net)
	}
	if d.Undoable {
		v.Undo = string(d.ID)
	}
	if d.State == voucher.Annulled {
		v.Chip, v.Tone, v.Sentence = loc.T("counter.undone_chip"), ui.Warn, loc.T("counter.undone")
	}
	return v
}

// todayView is what was taken today.
type todayView struct {
	Topic   string
	Now     time.Time
	Count   int64
	Sum     string // what was earned today, "" for whoever may not see it
	Lines   []ui.Event
	Undoing []string // ids beside the lines, "" where nothing can be taken back
}

func newTodayView(loc ui.Loc, shop market.MerchantID, list []redeem.Done, now time.Time) todayView {
	v := todayView{Topic: "merchant:" + string(shop), Now: now}
	sum, money := int64(0), false
	for _, d := range list {
		line := ui.Event{Who: d.Title, Sub: loc.Time(d.At) + dot + guestName(loc, d.Guest), Tone: ui.Act}
		if d.Units > 1 {
			line.Sub = loc.Time(d.At) + dot + loc.T("counter.line_uses", "Guest", guestName(loc, d.Guest), "Count", d.Units)
		}
		undo := ""
		switch {
		case d.State == voucher.Annulled:
			line.Tone, line.Sub = ui.Quiet, line.Sub+dot+loc.T("counter.undone_chip")
		default:
			v.Count++
			sum, money = sum+d.Earned(), money || d.Money
			if d.Money {
				line.Won, line.Plus = loc.Won(d.Net), true
			}
			if d.Undoable {
				undo = string(d.ID)
			}
		}
		v.Lines, v.Undoing = append(v.Lines, line), append(v.Undoing, undo)
	}
	if money {
		v.Sum = loc.T("counter.today_sum", "Won", sum)
	}
	return v
}
