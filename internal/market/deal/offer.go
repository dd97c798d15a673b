package deal

import (
	"time"
	"unicode/utf8"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/hours"
	"github.com/dure-commerce/dure/internal/market"
)

// Offer is what a merchant writes: a deal before anybody but its makers sees it.
type Offer struct {
	Title           string
	Summary         string
	Story           string
	CategoryID      market.CategoryID
	PriceBasis      string
	Options         []OptionOffer
	ThresholdKind   ThresholdKind
	Threshold       int64
	Capacity        int64
	PerPerson       int64
	StartsAt        time.Time
	EndsAt          time.Time
	ValidDays       int64
	Rules           hours.Rules
	Branches        []market.BranchID // empty means every branch
	RefundProfile   string
	MerchantShareBP int64
	StatedCost      int64
	AskWhenShort    bool
	Pictures        []string
	Regions         []market.RegionID
}

// OptionOffer is one thing to buy.
type OptionOffer struct {
	Name      string
	ListPrice int64
	Price     int64
	Quantity  int64
	Uses      int64
}

// Limits are the bounds that policy sets at the instant of the check.
type Limits struct {
	ValidDaysMin map[string]int64 // refund profile → least days of validity
	ValidDaysMax int64
	CommissionBP int64
}

// Bounds of a draft that are no policy.
const (
	optionsMax  = 10
	picturesMax = 8
	priceMin    = 100
	priceMax    = 100_000_000
	capacityMax = 1_000_000
	perMax      = 100
	usesMax     = 100
	titleMax    = 60
	summaryMax  = 140
	storyMax    = 6000
	basisMax    = 100
	nameMax     = 60
	week        = 7 * 24 * time.Hour
	windowMax   = 13 * week
)

// Refusals of a draft, each beside its field.
var (
	ErrTitle       = fail.New(fail.Invalid, "deal.draft.title")
	ErrSummary     = fail.New(fail.Invalid, "deal.draft.summary")
	ErrStory       = fail.New(fail.Invalid, "deal.draft.story")
	ErrCategory    = fail.New(fail.Invalid, "deal.draft.category")
	ErrBasis       = fail.New(fail.Invalid, "deal.draft.price_basis")
	ErrOptions     = fail.New(fail.Invalid, "deal.draft.options")
	ErrOptionName  = fail.New(fail.Invalid, "deal.draft.option_name")
	ErrPrice       = fail.New(fail.Invalid, "deal.draft.price")
	ErrListPrice   = fail.New(fail.Invalid, "deal.draft.list_price")
	ErrOptionUnits = fail.New(fail.Invalid, "deal.draft.option_quantity")
	ErrUses        = fail.New(fail.Invalid, "deal.draft.uses")
	ErrThreshold   = fail.New(fail.Invalid, "deal.draft.threshold")
	ErrReach       = fail.New(fail.Invalid, "deal.draft.threshold_out_of_reach")
	ErrCapacity    = fail.New(fail.Invalid, "deal.draft.capacity")
	ErrPerPerson   = fail.New(fail.Invalid, "deal.draft.per_person")
	ErrMonday      = fail.New(fail.Invalid, "deal.draft.monday")
	ErrWindow      = fail.New(fail.Invalid, "deal.draft.window")
	ErrPast        = fail.New(fail.Invalid, "deal.draft.past")
	ErrValidDays   = fail.New(fail.Invalid, "deal.draft.valid_days")
	ErrProfile     = fail.New(fail.Invalid, "deal.draft.refund_profile")
	ErrShare       = fail.New(fail.Invalid, "deal.draft.merchant_share")
	ErrRegions     = fail.New(fail.Invalid, "deal.draft.regions")
	ErrPictures    = fail.New(fail.Invalid, "deal.draft.pictures")
	ErrCost        = fail.New(fail.Invalid, "deal.draft.cost")
)

// Zone is the zone in which windows are written.
var Zone = time.FixedZone("KST", 9*60*60)

// NextMonday is the default start: the coming Monday 00:00 in Korea, at least a day away.
func NextMonday(now time.Time) time.Time {
	local := now.In(Zone).AddDate(0, 0, 1)
	ahead := (8 - int(local.Weekday())) % 7
	return time.Date(local.Year(), local.Month(), local.Day()+ahead, 0, 0, 0, 0, Zone).UTC()
}

// Check refuses a draft that cannot be submitted: every fault at once, each beside its field.
func (d Offer) Check(limits Limits, now time.Time) error {
	var faults fail.List
	add := func(bad bool, e *fail.Error, field string) {
		if bad {
			faults = append(faults, e.On(field))
		}
	}
	add(!between(d.Title, 2, titleMax), ErrTitle.With("Max", titleMax), "title")
	add(!between(d.Summary, 0, summaryMax), ErrSummary.With("Max", summaryMax), "summary")
	add(!between(d.Story, 0, storyMax), ErrStory.With("Max", storyMax), "story")
	add(d.CategoryID == "", ErrCategory, "category")
	add(!between(d.PriceBasis, 2, basisMax), ErrBasis, "price_basis")
	add(d.PerPerson < 1 || d.PerPerson > min(perMax, d.Capacity), ErrPerPerson.With("Max", min(perMax, d.Capacity)),
		"per_person")
	add(d.MerchantShareBP < 0 || d.MerchantShareBP > 10_000, ErrShare, "merchant_share")
	add(len(d.Regions) == 0, ErrRegions, "regions")
	add(len(d.Pictures) > picturesMax, ErrPictures.With("Max", picturesMax), "pictures")
	add(d.StatedCost < 0 || d.StatedCost > priceMax, ErrCost, "stated_cost")
	least, known := limits.ValidDaysMin[d.RefundProfile]
	add(!known, ErrProfile, "refund_profile")
	add(known && (d.ValidDays < least || d.ValidDays > limits.ValidDaysMax),
		ErrValidDays.With("Min", least, "Max", limits.ValidDaysMax), "valid_days")
	faults = append(faults, d.checkOptions()...)
	faults = append(faults, d.checkPoint()...)
	faults = append(faults, d.checkWindow(now)...)
	return faults.Err()
}

func between(text string, least, most int) bool {
	n := utf8.RuneCountInString(text)
	return n >= least && n <= most
}

func (d Offer) checkOptions() fail.List {
	var faults fail.List
	if len(d.Options) == 0 || len(d.Options) > optionsMax {
		return append(faults, ErrOptions.With("Max", optionsMax).On("options"))
	}
	for i, o := range d.Options {
		field := func(name string) string { return OptionField(i, name) }
		if !between(o.Name, 1, nameMax) {
			faults = append(faults, ErrOptionName.With("Max", nameMax).On(field("name")))
		}
		// A use of less than a hundred won could round to nothing: the least price grows with the uses.
		if least := priceMin * max(1, o.Uses); o.Price < least || o.Price > priceMax {
			faults = append(faults, ErrPrice.With("Min", least, "Max", priceMax).On(field("price")))
		}
		if o.ListPrice < o.Price || o.ListPrice > priceMax {
			faults = append(faults, ErrListPrice.With("Price", o.Price).On(field("list_price")))
		}
		if o.Quantity < 1 || o.Quantity > capacityMax {
			faults = append(faults, ErrOptionUnits.With("Max", capacityMax).On(field("quantity")))
		}
		if o.Uses < 1 || o.Uses > usesMax {
			faults = append(faults, ErrUses.With("Max", usesMax).On(field("uses")))
		}
	}
	return faults
}

// OptionField names the form field of an option, counted from 0.
func OptionField(index int, name string) string {
	return "option_" + string(rune('0'+index)) + "_" + name
}

// checkPoint refuses a point that the sale could never reach.
func (d Offer) checkPoint() fail.List {
	var faults fail.List
	var units, won int64
	for _, o := range d.Options {
		units += o.Quantity
		won += o.Quantity * o.Price
	}
	if d.Capacity < 1 || d.Capacity > min(capacityMax, units) {
		faults = append(faults, ErrCapacity.With("Max", min(capacityMax, units)).On("capacity"))
	}
	reach := d.Capacity
	switch d.ThresholdKind {
	case ThresholdPeople, ThresholdUnits:
	case ThresholdWon:
		reach = won
	default:
		return append(faults, ErrThreshold.On("threshold_kind"))
	}
	if d.Threshold < 1 {
		return append(faults, ErrThreshold.On("threshold"))
	}
	if d.Threshold > reach {
		faults = append(faults, ErrReach.With("Max", reach).On("threshold"))
	}
	return faults
}

// checkWindow keeps the run rule: from a Monday 00:00 for at least seven whole days, in Korea's time.
func (d Offer) checkWindow(now time.Time) fail.List {
	start, end := d.StartsAt.In(Zone), d.EndsAt.In(Zone)
	switch {
	case d.StartsAt.IsZero(), start.Weekday() != time.Monday, !midnight(start):
		return fail.List{ErrMonday.On("starts_at")}
	case d.StartsAt.Before(now):
		return fail.List{ErrPast.On("starts_at")}
	case !midnight(end), d.EndsAt.Sub(d.StartsAt) < week, d.EndsAt.Sub(d.StartsAt) > windowMax:
		return fail.List{ErrWindow.On("ends_at")}
	}
	return nil
}

func midnight(t time.Time) bool {
	h, m, s := t.Clock()
	return h == 0 && m == 0 && s == 0 && t.Nanosecond() == 0
}

// Storable bounds what a faulty draft may hold, so that it can be kept as it was typed: what the table refuses is
// replaced by the nearest it takes.
func (d Offer) Storable(now time.Time) Offer {
	if d.ThresholdKind == "" {
		d.ThresholdKind = ThresholdPeople
	}
	d.Threshold, d.Capacity, d.PerPerson = max(1, d.Threshold), max(1, d.Capacity), max(1, d.PerPerson)
	d.ValidDays = max(1, d.ValidDays)
	d.MerchantShareBP = min(max(0, d.MerchantShareBP), 10_000)
	if d.StartsAt.IsZero() {
		d.StartsAt = NextMonday(now)
	}
	if !d.EndsAt.After(d.StartsAt) {
		d.EndsAt = d.StartsAt.Add(week)
	}
	options := make([]OptionOffer, len(d.Options))
	for i, o := range d.Options {
		o.Price = min(max(priceMin, o.Price), priceMax)
		o.ListPrice = min(max(o.Price, o.ListPrice), priceMax)
		o.Quantity, o.Uses = max(1, o.Quantity), max(1, o.Uses)
		options[i] = o
	}
	d.Options = options
	return d
}

// Deal is the hot part of the offer, as a draft.
func (d Offer) Deal(id market.DealID, merchant market.MerchantID) Deal {
	return Deal{ID: id, MerchantID: merchant, State: Draft, TermsVersion: 1, ThresholdKind: d.ThresholdKind,
		Threshold: d.Threshold, Capacity: d.Capacity, PerPerson: d.PerPerson, StartsAt: d.StartsAt, EndsAt: d.EndsAt,
		AskWhenShort: d.AskWhenShort, Version: 1}
}

// Terms is the promising part of the offer, as a draft.
func (d Offer) Terms(id market.DealID, version int64, limits Limits, policyID string) Terms {
	return Terms{DealID: id, Version: version, State: TermsDraft, Title: d.Title, Summary: d.Summary, Story: d.Story,
		CategoryID: d.CategoryID, PriceBasis: d.PriceBasis, ValidDays: d.ValidDays, Rules: d.Rules, Branches: d.Branches,
		RefundProfile: d.RefundProfile, MerchantShareBP: d.MerchantShareBP, CommissionBP: limits.CommissionBP,
		StatedCost: d.StatedCost, PolicyID: policyID, Pictures: d.Pictures}
}

// OptionRows are the offer's options in their order.
func (d Offer) OptionRows(id market.DealID, newID func() market.OptionID) []Option {
	out := make([]Option, len(d.Options))
	for i, o := range d.Options {
		out[i] = Option{ID: newID(), DealID: id, Position: int64(i + 1), Name: o.Name, ListPrice: o.ListPrice,
			Price: o.Price, Quantity: o.Quantity, Uses: o.Uses}
	}
	return out
}

// OfferOf is a stored deal as the offer it was written as.
func OfferOf(d Deal, t Terms, options []Option, regions []market.RegionID) Offer {
	o := Offer{Title: t.Title, Summary: t.Summary, Story: t.Story, CategoryID: t.CategoryID, PriceBasis: t.PriceBasis,
		ThresholdKind: d.ThresholdKind, Threshold: d.Threshold, Capacity: d.Capacity, PerPerson: d.PerPerson,
		StartsAt: d.StartsAt, EndsAt: d.EndsAt, ValidDays: t.ValidDays, Rules: t.Rules, Branches: t.Branches,
		RefundProfile: t.RefundProfile, MerchantShareBP: t.MerchantShareBP, StatedCost: t.StatedCost,
		AskWhenShort: d.AskWhenShort, Pictures: t.Pictures, Regions: regions}
	for _, x := range options {
		o.Options = append(o.Options, OptionOffer{Name: x.Name, ListPrice: x.ListPrice, Price: x.Price,
			Quantity: x.Quantity, Uses: x.Uses})
	}
	return o
}

// Moved is the offer in another window; zero times keep its own.
func (d Offer) Moved(start, end time.Time) Offer {
	if !start.IsZero() {
		d.StartsAt = start
	}
	if !end.IsZero() {
		d.EndsAt = end
	}
	return d
}

// ExampleUse is the use that the merchant's table shows a payout day for: noon of the first day after the window.
func (d Offer) ExampleUse(now time.Time) time.Time {
	end := d.EndsAt
	if end.Before(now) {
		end = NextMonday(now).Add(week)
	}
	local := end.In(Zone)
	return time.Date(local.Year(), local.Month(), local.Day(), 12, 0, 0, 0, Zone).UTC()
}
