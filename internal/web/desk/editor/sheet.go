package editor

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/hours"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/web/desk"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// sheet is the editor as one page shows it.
type sheet struct {
	Row        report.Row // empty for a new deal
	Fields     fields
	Offer      deal.Offer
	Problems   request.Problems
	Todo       request.Problems // what is missing before it can be handed in
	Tables     []deal.Table
	Categories []ui.Choice
	Regions    []ui.Choice
	Places     []report.Place
	Limits     deal.Limits
	Set        policy.Set
	Shop       report.Shop
	Saved      bool
	Quiet      int64
	HasQuiet   bool
	Now        time.Time
}

// fill looks up what the form offers to choose from, and reckons what the offer means.
func (d Deps) fill(r *request.Request, shop report.Shop, s *sheet) error {
	s.Shop, s.Now, s.Set = shop, r.Now, policy.At(r.Now)
	s.Limits, _ = d.Publish.Limits(r.Now)
	s.Tables = d.Publish.Tables(s.Offer)
	kinds, err := category.List(r.Context(), d.DB)
	if err != nil {
		return err
	}
	s.Categories = categoryChoices(kinds, r.Loc.Lang())
	if s.Places, err = report.Places(r.Context(), d.DB, shop.ID); err != nil {
		return err
	}
	err = d.DB.Read(r.Context(), func(q *db.ReadTx) (err error) {
		s.Quiet, s.HasQuiet, err = report.Quiet(r.Context(), q, shop.ID, r.Now)
		return err
	})
	if err != nil {
		return err
	}
	s.Regions, err = d.regionChoices(r, *s)
	return err
}

// categoryChoices lists the kinds one can pick: those beneath another, with its name in front.
func categoryChoices(kinds []category.Category, lang string) []ui.Choice {
	above := map[market.CategoryID]string{}
	var out []ui.Choice
	for _, c := range kinds {
		if c.ParentID == "" {
			above[c.ID] = c.Label(lang)
			continue
		}
		out = append(out, ui.Choice{Value: string(c.ID), Label: above[c.ParentID] + " · " + c.Label(lang)})
	}
	return out
}

const regionsFound = 8

// regionChoices are the places around the shop and its branches, those chosen already, and those looked for.
func (d Deps) regionChoices(r *request.Request, s sheet) ([]ui.Choice, error) {
	var out []ui.Choice
	add := func(x region.Region) {
		if x.ID == "" || slices.ContainsFunc(out, func(c ui.Choice) bool { return c.Value == string(x.ID) }) {
			return
		}
		out = append(out, ui.Choice{Value: string(x.ID), Label: x.FullLabel(r.Loc.Lang()),
			Checked: slices.Contains(s.Fields.Regions, string(x.ID))})
	}
	near := []market.RegionID{s.Shop.Home}
	for _, p := range s.Places {
		near = append(near, p.RegionID)
	}
	for _, id := range s.Fields.Regions {
		near = append(near, market.RegionID(id))
	}
	slices.Sort(near)
	for _, id := range slices.Compact(near) {
		if err := d.around(r, id, add); err != nil {
			return nil, err
		}
	}
	if s.Fields.Pressed != "find_region" || strings.TrimSpace(s.Fields.RegionQuery) == "" {
		return out, nil
	}
	found, err := region.Search(r.Context(), d.DB, s.Fields.RegionQuery, regionsFound)
	for _, x := range found {
		add(x)
	}
	return out, err
}

// around adds a region and what it lies in, the country left out.
func (d Deps) around(r *request.Request, id market.RegionID, add func(region.Region)) error {
	own, err := region.Find(r.Context(), d.DB, id)
	if err != nil {
		return ignoreMissing(err)
	}
	add(own)
	over, err := region.Ancestors(r.Context(), d.DB, id)
	for _, x := range over {
		if x.ParentID != "" {
			add(x)
		}
	}
	return err
}

func ignoreMissing(err error) error {
	if isMissing(err) {
		return nil
	}
	return err
}

// title is the page's own: the deal's, or that it is new.
func (s sheet) title(loc ui.Loc) string {
	if s.Offer.Title != "" {
		return s.Offer.Title
	}
	return loc.T("editor.title_new")
}

// action is where the form goes.
func (s sheet) action() string {
	if s.Row.Deal.ID == "" {
		return "/office/deals"
	}
	return desk.Address(s.Row.Deal.ID)
}

// weekdays are the days of the week, Monday first; none chosen means all.
func weekdays(loc ui.Loc, chosen []string) []ui.Choice {
	out := make([]ui.Choice, 7)
	for i := range out {
		day := strconv.Itoa((i + 1) % 7)
		out[i] = ui.Choice{Value: day, Label: loc.T("moment.weekday_" + day), Checked: slices.Contains(chosen, day)}
	}
	return out
}

func places(all []report.Place, chosen []string) []ui.Choice {
	out := make([]ui.Choice, len(all))
	for i, p := range all {
		out[i] = ui.Choice{Value: string(p.ID), Label: p.Name, Checked: slices.Contains(chosen, string(p.ID))}
	}
	return out
}

// profiles are the refund rules a new deal may carry, in words.
func (s sheet) profiles(loc ui.Loc) []ui.Choice {
	var out []ui.Choice
	for _, p := range s.Set.Offered() {
		out = append(out, ui.Choice{Value: string(p.Name), Label: loc.T(p.Name.NameKey()),
			Help: loc.T("editor.profile_min", "Days", p.ValidDaysMin)})
	}
	return out
}

// price is that of the cheapest option that has one.
func (s sheet) price() (price, list int64) {
	for _, o := range s.Offer.Options {
		if o.Price > 0 && (price == 0 || o.Price < price) {
			price, list = o.Price, o.ListPrice
		}
	}
	return price, list
}

// off is the saving in whole percent, down.
func off(price, list int64) int64 {
	if list <= price || price <= 0 {
		return 0
	}
	return (list - price) * 100 / list
}

// facts are what a shopper reads above the button.
func (s sheet) facts(loc ui.Loc) []ui.Fact {
	until := desk.Until(loc, s.Offer.EndsAt, s.Now)
	facts := []ui.Fact{
		{Icon: "clock", Text: loc.T("editor.fact.until", "Until", until)},
		{Icon: "undo-2", Text: loc.T("editor.fact.short")},
		{Icon: "calendar-check", Text: loc.T("editor.fact.withdraw", "Days", int64(s.Set.Refund.WithdrawalDays))},
	}
	price, _ := s.price()
	if p, err := s.Set.Profile(policy.ProfileName(s.Offer.RefundProfile)); err == nil {
		text := loc.T("editor.fact.expired_none")
		if bp := p.ClaimBP(price); bp > 0 {
			text = loc.T("editor.fact.expired", "Part", loc.Percent(bp), "Years", int64(s.Set.Refund.ClaimYears))
		}
		facts = append(facts, ui.Fact{Icon: "hourglass", Text: text})
	}
	facts = append(facts, ui.Fact{Icon: "ticket", Text: loc.T("editor.fact.valid", "Days", s.Offer.ValidDays) + " " +
		usable(loc, s.Offer.Rules)})
	return append(facts, ui.Fact{Icon: "percent", Text: carries(loc, s.Offer.MerchantShareBP)})
}

// usable words when vouchers can be used.
func usable(loc ui.Loc, r hours.Rules) string {
	days := loc.T("editor.use.every_day")
	if len(r.Weekdays) > 0 {
		names := make([]string, len(r.Weekdays))
		order := slices.Clone(r.Weekdays)
		slices.SortFunc(order, func(a, b int) int { return (a+6)%7 - (b+6)%7 })
		for i, day := range order {
			names[i] = loc.T("moment.weekday_" + strconv.Itoa(day))
		}
		days = loc.T("editor.use.days", "Days", strings.Join(names, "·"))
	}
	if r.From == "" || r.To == "" {
		return loc.T("editor.use.any_time", "Days", days)
	}
	return loc.T("editor.use.hours", "Days", days, "From", r.From, "To", r.To)
}

// carries words who pays for the discount.
func carries(loc ui.Loc, share int64) string {
	if share == 10_000 {
		return loc.T("editor.carries_all")
	}
	return loc.T("editor.carries", "Shop", loc.Percent(share), "Operator", loc.Percent(10_000-share))
}

// won is the table of one option: from the price to what is left.
func won(loc ui.Loc, t deal.Table) []ui.Pair {
	pairs := []ui.Pair{
		{Key: loc.T("editor.table.price"), Value: loc.Won(t.Price)},
		{Key: loc.T("editor.table.commission", "Rate", loc.Percent(t.CommissionBP)), Value: loc.Won(-t.Commission)},
		{Key: loc.T("editor.table.left"), Value: loc.Won(t.Left)},
		{Key: loc.T("editor.table.vat"), Value: loc.Won(-t.CommissionVAT)},
		{Key: loc.T("editor.table.net"), Value: loc.Won(t.Net), Total: true, Tone: ui.Act},
	}
	if t.StatedCost > 0 {
		tone := ui.Act
		if t.Loss {
			tone = ui.Loss
		}
		pairs = append(pairs, ui.Pair{Key: loc.T("editor.table.cost"), Value: loc.Won(-t.StatedCost)},
			ui.Pair{Key: loc.T("editor.table.margin"), Value: loc.Won(t.Margin), Total: true, Tone: tone})
	}
	return pairs
}

// notes are the sentences beneath a table.
func notes(loc ui.Loc, t deal.Table) []ui.Fact {
	var facts []ui.Fact
	switch {
	case t.Discount > 0 && t.OperatorCarries == 0:
		facts = append(facts, ui.Fact{Icon: "percent", Text: loc.T("editor.table.discount_all", "Discount", t.Discount)})
	case t.Discount > 0:
		facts = append(facts, ui.Fact{Icon: "percent", Text: loc.T("editor.table.discount", "Discount", t.Discount,
			"Shop", t.MerchantCarries, "Operator", t.OperatorCarries)})
	}
	switch {
	case t.Loss && t.BreakEvenVisits < 0:
		facts = append(facts, ui.Fact{Icon: "trending-down", Text: loc.T("editor.table.never")})
	case t.Loss:
		facts = append(facts, ui.Fact{Icon: "trending-up", Text: loc.T("editor.table.break_even", "Visits",
			t.BreakEvenVisits)})
	}
	if t.Uses > 1 {
		facts = append(facts, ui.Fact{Icon: "ticket", Text: loc.T("editor.table.uses", "Uses", t.Uses)})
	}
	return facts
}
