package deal_test

import (
	"errors"
	"flag"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/machine/machinetest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
)

var update = flag.Bool("update", false, "write docs/states/deal.md anew")

// TestStatesAreDrawn keeps docs/states/deal.md equal to the table that the code follows.
func TestStatesAreDrawn(t *testing.T) {
	machinetest.Check(t, machinetest.Page{File: "../../../docs/states/deal.md", Title: "a deal", Intro: "Drawn from " +
		"`internal/market/deal` by its test (`go test ./internal/market/deal -update`). Tipping is a fact beside the " +
		"states: a deal tips once, while it is on sale\nor closing, or when its merchant accepts it short in public.",
		Begins: []string{"draft"}, Update: *update}, deal.Transitions())
}

func TestNobodyElseMovesADeal(t *testing.T) {
	if _, err := deal.Next(deal.Submitted, deal.ActSchedule, deal.ByMerchant); !errors.Is(err, deal.ErrState) {
		t.Errorf("a merchant schedules itself: %v", err)
	}
	if _, err := deal.Next(deal.OnSale, deal.ActCancel, deal.ByMerchant); !errors.Is(err, deal.ErrState) {
		t.Errorf("a merchant cancels a running sale: %v", err)
	}
	for _, s := range []deal.State{deal.Ended, deal.Failed, deal.Cancelled, deal.Withdrawn} {
		if !s.Terminal() {
			t.Errorf("%s leads on", s)
		}
	}
}

// TestTableExample is the example that defines the table: 20,000 at half price with a fee of half leaves 5,000, and
// 4,500 after VAT on the fee, with a warning when the stated cost is 7,000.
func TestTableExample(t *testing.T) {
	got := deal.TableOf(deal.TableFacts{CommissionBP: 5000, MerchantShareBP: 10_000, StatedCost: 7000, Capacity: 95,
		Option: deal.OptionOffer{ListPrice: 20_000, Price: 10_000, Quantity: 95, Uses: 1}})
	if got.Left != 5000 || got.Net != 4500 || !got.Loss || got.Margin != -2500 {
		t.Errorf("%+v", got)
	}
	if got.BreakEvenVisits != 1 || got.WorstDay != 10 || got.MerchantCarries != 10_000 || got.OperatorCarries != 0 {
		t.Errorf("%+v", got)
	}
	hopeless := deal.TableOf(deal.TableFacts{CommissionBP: 5000, StatedCost: 21_000,
		Option: deal.OptionOffer{ListPrice: 20_000, Price: 10_000}})
	if hopeless.BreakEvenVisits != -1 {
		t.Errorf("a loss that no visit covers: %+v", hopeless)
	}
}

var checked = time.Date(2026, 3, 4, 1, 0, 0, 0, time.UTC) // a Wednesday, 10:00 in Seoul

func sound() deal.Offer {
	start := deal.NextMonday(checked)
	return deal.Offer{Title: "손칼국수", CategoryID: "food.noodle", PriceBasis: "차림표", Threshold: 3, Capacity: 10,
		PerPerson: 2, ThresholdKind: deal.ThresholdPeople, StartsAt: start, EndsAt: start.Add(7 * 24 * time.Hour),
		ValidDays: 365, RefundProfile: "std2025", Regions: []market.RegionID{"r1"},
		Options: []deal.OptionOffer{{Name: "하나", ListPrice: 2000, Price: 1000, Quantity: 10, Uses: 1}}}
}

func TestOfferFaultsStandBesideTheirFields(t *testing.T) {
	limits := deal.Limits{ValidDaysMin: map[string]int64{"std2025": 365}, ValidDaysMax: 1825}
	if err := sound().Check(limits, checked); err != nil {
		t.Fatalf("a sound offer: %v", err)
	}
	for field, spoil := range map[string]func(*deal.Offer){
		"title":               func(o *deal.Offer) { o.Title = "" },
		"summary":             func(o *deal.Offer) { o.Summary = strings.Repeat("가", 141) },
		"category":            func(o *deal.Offer) { o.CategoryID = "" },
		"price_basis":         func(o *deal.Offer) { o.PriceBasis = "" },
		"options":             func(o *deal.Offer) { o.Options = nil },
		"option_0_name":       func(o *deal.Offer) { o.Options[0].Name = "" },
		"option_0_price":      func(o *deal.Offer) { o.Options[0].Price = -5 },
		"option_0_list_price": func(o *deal.Offer) { o.Options[0].ListPrice = 999 },
		"option_0_quantity":   func(o *deal.Offer) { o.Options[0].Quantity = 0 },
		"option_0_uses":       func(o *deal.Offer) { o.Options[0].Uses = 101 },
		"threshold":           func(o *deal.Offer) { o.Threshold = 11 },
		"threshold_kind":      func(o *deal.Offer) { o.ThresholdKind = "likes" },
		"capacity":            func(o *deal.Offer) { o.Capacity = 11 },
		"per_person":          func(o *deal.Offer) { o.PerPerson = 0 },
		"starts_at":           func(o *deal.Offer) { o.StartsAt = o.StartsAt.Add(24 * time.Hour) },
		"ends_at":             func(o *deal.Offer) { o.EndsAt = o.EndsAt.Add(-24 * time.Hour) },
		"valid_days":          func(o *deal.Offer) { o.ValidDays = 364 },
		"refund_profile":      func(o *deal.Offer) { o.RefundProfile = "none" },
		"merchant_share":      func(o *deal.Offer) { o.MerchantShareBP = 10_001 },
		"regions":             func(o *deal.Offer) { o.Regions = nil },
		"pictures":            func(o *deal.Offer) { o.Pictures = make([]string, 9) },
		"stated_cost":         func(o *deal.Offer) { o.StatedCost = -1 },
	} {
		offer := sound()
		spoil(&offer)
		found := false
		for _, e := range fail.All(offer.Check(limits, checked)) {
			found = found || e.Field == field
		}
		if !found {
			t.Errorf("%s: %v", field, offer.Check(limits, checked))
		}
		if kept := offer.Storable(checked); kept.Capacity < 1 || !kept.EndsAt.After(kept.StartsAt) {
			t.Errorf("%s: cannot be kept: %+v", field, kept)
		}
	}
	past := sound()
	if err := past.Check(limits, checked.AddDate(0, 1, 0)); !errors.Is(err, deal.ErrPast) {
		t.Errorf("a window that has passed: %v", err)
	}
}

func TestNextMonday(t *testing.T) {
	for at, want := range map[string]string{
		"2026-03-04T10:00:00+09:00": "2026-03-09T00:00:00+09:00",
		"2026-03-08T23:59:59+09:00": "2026-03-09T00:00:00+09:00",
		"2026-03-09T00:00:00+09:00": "2026-03-16T00:00:00+09:00",
		"2026-12-30T12:00:00+09:00": "2027-01-04T00:00:00+09:00",
	} {
		now, err := time.Parse(time.RFC3339, at)
		if err != nil {
			t.Fatal(err)
		}
		if got := deal.NextMonday(now).In(deal.Zone).Format(time.RFC3339); got != want {
			t.Errorf("after %s: %s, want %s", at, got, want)
		}
	}
}

func TestWindowIsHalfOpen(t *testing.T) {
	d := deal.Deal{State: deal.OnSale, StartsAt: checked, EndsAt: checked.Add(time.Hour), Capacity: 1}
	for offset, want := range map[time.Duration]error{-1: deal.ErrNotYet, 0: nil, time.Hour - 1: nil,
		time.Hour: deal.ErrOver} {
		if err := d.TakesHolds(checked.Add(offset)); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", offset, err, want)
		}
	}
}

func TestDecideOnceTheLastHoldIsGone(t *testing.T) {
	tipped := checked
	for name, c := range map[string]struct {
		deal deal.Deal
		want deal.Decision
	}{
		"holds are open": {deal.Deal{State: deal.Closing, HeldUnits: 1, TippedAt: tipped}, deal.DecideWait},
		"tipped":         {deal.Deal{State: deal.Closing, TippedAt: tipped}, deal.DecideEnd},
		"short":          {deal.Deal{State: deal.Closing, PaidUnits: 2}, deal.DecideFail},
		"short, asks":    {deal.Deal{State: deal.Closing, PaidUnits: 2, AskWhenShort: true}, deal.DecideAsk},
		"nobody, asks":   {deal.Deal{State: deal.Closing, AskWhenShort: true}, deal.DecideFail},
		"short, twice asked": {deal.Deal{State: deal.Closing, PaidUnits: 2, AskWhenShort: true, Extended: true},
			deal.DecideFail},
	} {
		if got := c.deal.Decide(); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
