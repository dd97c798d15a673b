package editor

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/kit/hours"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
)

// fields is the form as it was typed: what cannot be read is shown again as it stands.
type fields struct {
	Title, Summary, Story, Category, Basis          string
	Options                                         []optionFields
	Kind, Threshold, Capacity, PerPerson            string
	Starts, Ends, ValidDays, From, To, Blackout     string
	Weekdays, Branches, Regions, Pictures           []string
	Profile, Share, Cost, RegionQuery, Why, Pressed string
	Ask                                             bool
}

type optionFields struct{ Name, List, Price, Quantity, Uses string }

// Bounds of what a form may carry; what a deal may hold is the deal's own rule.
const (
	lineMax    = 200
	storyMax   = 20_000
	wonMax     = 1_000_000_000 // a unit's price; times the most units it stays far from the end of int64
	goalMax    = 1_000_000_000_000_000
	countMax   = 10_000_000
	optionsMax = 10
	manyMax    = 50
	blackouts  = 60
)

// errBlackout refuses a list of days that cannot be read.
var errBlackout = fail.New(fail.Invalid, "editor.blackout")

// typed collects the form as it came.
func typed(f *form.Form, own []string) fields {
	v := f.Values()
	get := func(name string) string { return shown(v.Get(name)) }
	many := func(name string) []string { return slices.Clone(v[name]) }
	x := fields{Title: get("title"), Summary: get("summary"), Story: get("story"), Category: get("category"),
		Basis: get("price_basis"), Kind: get("threshold_kind"), Threshold: get("threshold"), Capacity: get("capacity"),
		PerPerson: get("per_person"), Starts: get("starts_at"), Ends: get("ends_at"), ValidDays: get("valid_days"),
		From: get("from"), To: get("to"), Blackout: get("blackout"), Weekdays: many("weekdays"),
		Branches: many("branches"), Regions: many("regions"), Profile: get("refund_profile"),
		Share: get("merchant_share"), Cost: get("stated_cost"), RegionQuery: get("region_query"), Why: get("why"),
		Ask: f.Bool("ask_when_short"), Pressed: get("act")}
	for i := range optionsMax {
		if _, there := v[deal.OptionField(i, "name")]; !there {
			break
		}
		one := func(name string) string { return get(deal.OptionField(i, name)) }
		x.Options = append(x.Options, optionFields{one("name"), one("list_price"), one("price"), one("quantity"),
			one("uses")})
	}
	for _, ref := range v["picture"] {
		if photo.Ref(ref).Check() == nil || slices.Contains(own, ref) {
			x.Pictures = append(x.Pictures, ref)
		}
	}
	return x
}

// shown leaves out what a page cannot show again: controls other than line breaks.
func shown(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
}

// reader reads numbers and texts leniently: an empty field of a draft is no fault yet.
type reader struct{ *form.Form }

func (f reader) won(name string, most int64) int64 {
	if f.Blank(name) {
		return 0
	}
	return within(f.Won(name, 0, most), most)
}

// within keeps a refused number from being reckoned with.
func within(n, most int64) int64 { return min(max(0, n), most) }

func (f reader) count(name string) int64 {
	if f.Blank(name) {
		return 0
	}
	return within(f.Int(name, 0, countMax), countMax)
}

func (f reader) day(name string) string {
	if f.Blank(name) {
		return ""
	}
	return f.Date(name)
}

func (f reader) clock(name string) string {
	if f.Blank(name) {
		return ""
	}
	minutes := f.ClockTime(name)
	return time.Date(2000, 1, 1, 0, minutes, 0, 0, time.UTC).Format("15:04")
}

// offer reads the form as an offer; faults of reading are the form's.
func offer(f *form.Form, x fields) deal.Offer {
	r := reader{f}
	o := deal.Offer{Title: f.Text("title", 0, lineMax), Summary: f.Text("summary", 0, lineMax*2),
		Story: f.Multiline("story", 0, storyMax), CategoryID: market.CategoryID(f.Text("category", 0, lineMax)),
		PriceBasis: f.Text("price_basis", 0, lineMax), ThresholdKind: deal.ThresholdKind(f.Choice("threshold_kind", "",
			string(deal.ThresholdPeople), string(deal.ThresholdUnits), string(deal.ThresholdWon))),
		Threshold: r.won("threshold", goalMax), Capacity: r.count("capacity"), PerPerson: r.count("per_person"),
		StartsAt: deal.WindowStart(r.day("starts_at")), EndsAt: deal.WindowEnd(r.day("ends_at")),
		ValidDays: r.count("valid_days"), RefundProfile: f.Text("refund_profile", 0, lineMax),
		StatedCost: r.won("stated_cost", wonMax), AskWhenShort: x.Ask, Pictures: x.Pictures,
		Rules: rules(f, x), MerchantShareBP: 10_000}
	if !f.Blank("merchant_share") {
		o.MerchantShareBP = within(f.Int("merchant_share", 0, 100), 100) * 100
	}
	for i := range x.Options {
		field := func(name string) string { return deal.OptionField(i, name) }
		o.Options = append(o.Options, deal.OptionOffer{Name: f.Text(field("name"), 0, lineMax),
			ListPrice: r.won(field("list_price"), wonMax), Price: r.won(field("price"), wonMax),
			Quantity: r.count(field("quantity")), Uses: r.count(field("uses"))})
	}
	for _, id := range f.Many("regions", manyMax, clean(x.Regions)...) {
		o.Regions = append(o.Regions, market.RegionID(id))
	}
	for _, id := range f.Many("branches", manyMax, clean(x.Branches)...) {
		o.Branches = append(o.Branches, market.BranchID(id))
	}
	return o
}

// clean keeps what can be an id.
func clean(ids []string) []string {
	var out []string
	for _, id := range ids {
		if _, refusal := form.Line(id, 1, lineMax); refusal == nil {
			out = append(out, strings.TrimSpace(id))
		}
	}
	return out
}

// rules reads when vouchers can be used.
func rules(f *form.Form, x fields) hours.Rules {
	r := hours.Rules{From: reader{f}.clock("from"), To: reader{f}.clock("to")}
	for _, day := range f.Many("weekdays", 7, "0", "1", "2", "3", "4", "5", "6") {
		n, err := strconv.Atoi(day)
		if err == nil {
			r.Weekdays = append(r.Weekdays, n)
		}
	}
	if len(r.Weekdays) == 7 {
		r.Weekdays = nil
	}
	for word := range strings.FieldsFuncSeq(x.Blackout, func(c rune) bool { return unicode.IsSpace(c) || c == ',' }) {
		day, err := time.Parse(time.DateOnly, word)
		if err != nil || len(r.Blackout) >= blackouts {
			f.Add(errBlackout.With("Max", int64(blackouts)).On("blackout"))
			return r
		}
		r.Blackout = append(r.Blackout, day.Format(time.DateOnly))
	}
	return r
}

// fieldsOf is an offer as the form shows it.
func fieldsOf(o deal.Offer) fields {
	x := fields{Title: o.Title, Summary: o.Summary, Story: o.Story, Category: string(o.CategoryID), Basis: o.PriceBasis,
		Kind: string(o.ThresholdKind), Threshold: number(o.Threshold), Capacity: number(o.Capacity),
		PerPerson: number(o.PerPerson), ValidDays: number(o.ValidDays), From: o.Rules.From, To: o.Rules.To,
		Blackout: strings.Join(o.Rules.Blackout, ", "), Profile: o.RefundProfile, Share: number(o.MerchantShareBP / 100),
		Ask: o.AskWhenShort, Pictures: o.Pictures}
	if !o.StartsAt.IsZero() {
		x.Starts, x.Ends = o.StartsAt.In(deal.Zone).Format(time.DateOnly), deal.LastDay(o.EndsAt)
	}
	if o.StatedCost > 0 {
		x.Cost = grouped(o.StatedCost)
	}
	for _, day := range o.Rules.Weekdays {
		x.Weekdays = append(x.Weekdays, strconv.Itoa(day))
	}
	for _, id := range o.Branches {
		x.Branches = append(x.Branches, string(id))
	}
	for _, id := range o.Regions {
		x.Regions = append(x.Regions, string(id))
	}
	for _, p := range o.Options {
		x.Options = append(x.Options, optionFields{p.Name, grouped(p.ListPrice), grouped(p.Price), number(p.Quantity),
			number(p.Uses)})
	}
	if o.ThresholdKind == deal.ThresholdWon {
		x.Threshold = grouped(o.Threshold)
	}
	return x
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

// grouped writes won as people type them: 12,900.
func grouped(n int64) string {
	digits := number(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// fresh is what a new deal starts with: the coming week from Monday to Sunday, the least validity, one thing to buy.
func fresh(limits deal.Limits, now time.Time) deal.Offer {
	start := deal.NextMonday(now)
	return deal.Offer{ThresholdKind: deal.ThresholdPeople, Threshold: 10, Capacity: 50, PerPerson: 2, StartsAt: start,
		EndsAt: deal.WeekAfter(start), RefundProfile: "std2025", ValidDays: limits.ValidDaysMin["std2025"],
		MerchantShareBP: 10_000, AskWhenShort: true}
}
