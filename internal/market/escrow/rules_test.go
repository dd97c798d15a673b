package escrow_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
)

var rules = escrow.Rules{ConfirmDays: 7, ConfirmDaysMax: 14, UndeliveredDays: 14, EvidenceDays: 7, DisputeDays: 60,
	AddressDays: 14}

// kst is an instant by the clock in Seoul.
func kst(text string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", text, time.FixedZone("KST", 9*60*60))
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

// on is noon of a day of March 2026, April beginning with the 32nd.
func on(day int) time.Time { return kst("2026-03-01 12:00").AddDate(0, 0, day-1) }

const (
	buyer  = "acc_buyer"
	seller = "mer_1"
)

// paying is an escrow whose members pay; working one whose seller sends until the 10th of March.
func paying() escrow.Escrow {
	return escrow.Escrow{WishID: "wsh_1", Phase: escrow.Paying, LapseAt: kst("2026-03-25 00:00"), Award: escrow.Award{
		BidID: "bid_1", MerchantID: seller, Delivery: escrow.ByParcel, UnitPrice: 10_000, CommissionBP: 1_200,
		PolicyID: "pol_1", ShipBy: kst("2026-03-11 00:00")}}
}

func working() escrow.Escrow {
	e := paying()
	e.Phase, e.BegunAt = escrow.Fulfilling, on(1)
	return e
}

func atBranch() escrow.Escrow {
	e := working()
	e.Delivery, e.BranchID = escrow.AtBranch, "brn_1"
	return e
}

func held() escrow.Share {
	return escrow.Share{OrderID: "ord_1", WishID: "wsh_1", AccountID: buyer, Quantity: 2, Paid: 20_000, Amount: 20_000,
		State: escrow.Held, PaidAt: on(1), Version: 1}
}

func shipped(day int) escrow.Share {
	s, err := working().Ship(held(), rules, on(day))
	if err != nil {
		panic(err)
	}
	return s
}

func delivered(day int) escrow.Share {
	s, moved := working().Follow(shipped(2), parcel.Track{DeliveredAt: on(day)}, rules, on(day))
	if !moved {
		panic("not delivered")
	}
	return s
}

// code is an error's code without the noun's name, "" for none.
func code(err error) string { return strings.TrimPrefix(fail.CodeOf(err), "escrow.") }

func TestTimes(t *testing.T) {
	ship := kst("2026-03-11 00:00")
	for what, c := range map[string][2]time.Time{
		"never sent":                  {rules.LapseAt(ship), kst("2026-03-25 00:00")},
		"sent early":                  {rules.UndeliveredAt(ship, kst("2026-03-02 12:00")), kst("2026-03-25 00:00")},
		"sent on the last day":        {rules.UndeliveredAt(ship, kst("2026-03-10 23:59")), kst("2026-03-25 00:00")},
		"sent late":                   {rules.UndeliveredAt(ship, kst("2026-03-20 00:00")), kst("2026-04-04 00:00")},
		"sent at the last moment":     {rules.UndeliveredAt(ship, kst("2026-03-24 23:59")), kst("2026-04-08 00:00")},
		"sent again and again":        {rules.UndeliveredAt(ship, kst("2026-04-20 00:00")), kst("2026-04-09 00:00")},
		"silence":                     {rules.SilenceAt(kst("2026-03-05 00:01"), false), kst("2026-03-13 00:00")},
		"silence, evening":            {rules.SilenceAt(kst("2026-03-05 23:59"), false), kst("2026-03-13 00:00")},
		"silence with more time":      {rules.SilenceAt(kst("2026-03-05 23:59"), true), kst("2026-03-20 00:00")},
		"midnight belongs to the day": {rules.SilenceAt(kst("2026-03-05 00:00"), false), kst("2026-03-13 00:00")},
	} {
		if !c[0].Equal(c[1]) {
			t.Errorf("%s: %s, want %s", what, c[0], c[1])
		}
	}
}

func TestMayPay(t *testing.T) {
	for name, c := range map[string]struct {
		e      escrow.Escrow
		units  int64
		amount int64
		want   string
	}{
		"exact":           {paying(), 2, 20_000, ""},
		"price fell":      {paying(), 2, 22_000, ""},
		"too little":      {paying(), 2, 19_999, "price"},
		"nothing":         {paying(), 0, 0, "price"},
		"after the start": {working(), 2, 20_000, "closed"},
	} {
		p := escrow.Payment{OrderID: "ord_1", AccountID: buyer, Quantity: c.units, Amount: c.amount}
		if err := c.e.MayPay(p); code(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	s := held()
	s.Amount, s.Paid = 22_000, 22_000
	if paying().Falls(s) != 2_000 || working().Falls(s) != 0 || paying().Falls(held()) != 0 {
		t.Error("what falls")
	}
	s.Amount = 19_000
	if !paying().Underpaid(s) || working().Underpaid(s) || paying().Underpaid(held()) {
		t.Error("what is underpaid")
	}
}

func TestTake(t *testing.T) {
	made, cheap := working(), held()
	made.MadeToOrder, cheap.Amount = true, 19_000
	act := func(a escrow.Action, by escrow.By) escrow.Act {
		return escrow.Act{Action: a, By: by, AccountID: buyer, MerchantID: seller}
	}
	for _, c := range []struct {
		name string
		e    escrow.Escrow
		s    escrow.Share
		act  escrow.Act
		want string // the outcome, or the refusal's code
	}{
		{"receipt confirmed", working(), delivered(3), act(escrow.ActConfirm, escrow.ByBuyer), "confirmed"},
		{"receipt before the carrier knows", working(), shipped(2), act(escrow.ActConfirm, escrow.ByBuyer), "confirmed"},
		{"receipt of nothing", working(), held(), act(escrow.ActConfirm, escrow.ByBuyer), "state"},
		{"a stranger", working(), delivered(3),
			escrow.Act{Action: escrow.ActConfirm, By: escrow.ByBuyer, AccountID: "acc_other"}, "not_found"},
		{"another shop", working(), held(),
			escrow.Act{Action: escrow.ActGiveBack, By: escrow.BySeller, MerchantID: "mer_2"}, "not_found"},
		{"left while paying", paying(), held(), act(escrow.ActWithdraw, escrow.ByBuyer), "withdrawn"},
		{"left before it was sent", working(), held(), act(escrow.ActWithdraw, escrow.ByBuyer), "withdrawn"},
		{"left after it was sent", working(), shipped(2), act(escrow.ActWithdraw, escrow.ByBuyer), "state"},
		{"left what is made to order", made, held(), act(escrow.ActWithdraw, escrow.ByBuyer), "made_to_order"},
		{"the seller gives back", working(), shipped(2), act(escrow.ActGiveBack, escrow.BySeller), "given_back"},
		{"the seller before it begins", paying(), held(), act(escrow.ActGiveBack, escrow.BySeller), "not_begun"},
		{"the operator", paying(), held(), act(escrow.ActGiveBack, escrow.ByOperator), "operator"},
		{"used at the branch", atBranch(), held(), act(escrow.ActUse, escrow.ByBranch), "used"},
		{"used without a branch", working(), held(), act(escrow.ActUse, escrow.ByBranch), "delivery"},
		{"the price rose", paying(), cheap, act(escrow.ActLapse, escrow.ByClock), "price"},
		{"the price did not rise", paying(), held(), act(escrow.ActLapse, escrow.ByClock), "state"},
		{"the clock's own", working(), delivered(3), act(escrow.ActSilence, escrow.ByClock), "state"},
	} {
		got, err := c.e.Take(c.s, c.act, rules, on(4))
		if err != nil && code(err) != c.want || err == nil && string(got.Outcome) != c.want {
			t.Errorf("%s: %s %v, want %s", c.name, got.Outcome, err, c.want)
		}
		if err != nil && got != c.s {
			t.Errorf("%s: a refusal moved the share", c.name)
		}
		if x := got.Stands(); x.Held+x.Frozen+x.Released+x.Refunded != got.Paid {
			t.Errorf("31 %s: %+v of %d", c.name, x, got.Paid)
		}
		if err == nil && (got.State == escrow.Released) != (got.Released == got.Amount) {
			t.Errorf("%s: %s with %d released", c.name, got.State, got.Released)
		}
	}
	late, err := atBranch().Take(held(), act(escrow.ActUse, escrow.ByBranch), rules, kst("2026-03-25 00:00"))
	if !errors.Is(err, escrow.ErrLate) {
		t.Errorf("used when it goes back: %+v %v", late, err)
	}
}

// TestOneShare walks shares through their whole lives, a step a row: what happens, on which day, and what is then.
func TestOneShare(t *testing.T) {
	e := working()
	ship := func(s escrow.Share, now time.Time) (escrow.Share, error) { return e.Ship(s, rules, now) }
	track := func(events ...parcel.Event) func(escrow.Share, time.Time) (escrow.Share, error) {
		return func(s escrow.Share, now time.Time) (escrow.Share, error) {
			s, _ = e.Follow(s, parcel.Fold(events), rules, now)
			return s, nil
		}
	}
	clock := func(s escrow.Share, now time.Time) (escrow.Share, error) {
		s, _ = e.Overdue(s, rules, now)
		return s, nil
	}
	wait := func(s escrow.Share, now time.Time) (escrow.Share, error) { return s.Wait(buyer, rules, now) }
	arrived, back := parcel.Event{Kind: parcel.Delivered, At: on(4)}, parcel.Event{Kind: parcel.Returned, At: on(5)}
	moving := parcel.Event{Kind: parcel.Moving, At: on(3)}
	type step struct {
		day  int
		do   func(escrow.Share, time.Time) (escrow.Share, error)
		want string
	}
	for name, steps := range map[string][]step{
		"silence after delivery": {{2, ship, "shipped"}, {4, track(arrived), "delivered"}, {11, clock, "delivered"},
			{12, clock, "released silence"}, {13, clock, "released silence"}},
		"more time, once": {{2, ship, "shipped"}, {4, track(arrived), "delivered"}, {9, wait, "delivered"},
			{10, wait, "waited"}, {18, clock, "delivered"}, {19, clock, "released silence"}},
		"silence without delivery": {{2, ship, "shipped"}, {3, track(moving), "shipped"},
			{24, clock, "shipped"}, {25, clock, "refunded undelivered"}},
		"never sent": {{24, clock, "held"}, {25, ship, "late"}, {25, clock, "refunded unsent"}, {25, ship, "state"}},
		"sent late": {{24, ship, "shipped"}, {38, clock, "shipped"}, {39, ship, "late"},
			{39, clock, "refunded undelivered"}},
		"sent back and again": {{2, ship, "shipped"}, {4, track(arrived), "delivered"}, {5, track(arrived, back), "shipped"},
			{12, clock, "shipped"}, {13, ship, "shipped"}, {25, clock, "shipped"}, {28, clock, "refunded undelivered"}},
		"sent back too late to matter": {{2, ship, "shipped"}, {4, track(arrived), "delivered"},
			{12, track(arrived, back), "delivered"}, {12, clock, "released silence"}},
		"heard late": {{2, ship, "shipped"}, {20, track(arrived), "delivered"}, {27, clock, "delivered"},
			{28, clock, "released silence"}},
		"heard twice": {{2, ship, "shipped"}, {4, track(arrived), "delivered"}, {10, track(arrived, arrived), "delivered"},
			{12, clock, "released silence"}},
		"sent again when it is there": {{2, ship, "shipped"}, {4, track(arrived), "delivered"}, {5, ship, "state"}},
	} {
		s := held()
		for i, step := range steps {
			next, err := step.do(s, on(step.day))
			got := strings.TrimSpace(string(next.State) + " " + string(next.Outcome))
			if err != nil {
				got = code(err)
			} else {
				s = next
			}
			if got != step.want {
				t.Errorf("%s, step %d: %s, want %s", name, i+1, got, step.want)
			}
			if x := s.Stands(); x.Held+x.Frozen+x.Released+x.Refunded != s.Paid {
				t.Errorf("31 %s, step %d: %+v of %d", name, i+1, x, s.Paid)
			}
		}
	}
	void := paying()
	void.Phase = escrow.Void
	if s, over := void.Overdue(held(), rules, on(2)); !over || s.Outcome != escrow.OutVoid || s.Refunded != 20_000 {
		t.Errorf("void: %+v", s)
	}
	if _, over := paying().Overdue(held(), rules, on(300)); over {
		t.Error("money of members who pay waits for the wish, not for the clock")
	}
}

func TestMayShip(t *testing.T) {
	for name, c := range map[string]struct {
		e    escrow.Escrow
		who  market.MerchantID
		want string
	}{
		"the seller":    {working(), seller, ""},
		"another":       {working(), "mer_2", "not_found"},
		"too early":     {paying(), seller, "not_begun"},
		"at the branch": {atBranch(), seller, "delivery"},
	} {
		if err := c.e.MayShip(c.who); code(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	other := held()
	other.WishID = "wsh_2"
	if _, err := working().Ship(other, rules, on(2)); !errors.Is(err, parcel.ErrUnknown) {
		t.Errorf("a share of another wish: %v", err)
	}
}

func TestAddressVisible(t *testing.T) {
	ended, err := working().Take(delivered(4), escrow.Act{Action: escrow.ActConfirm, By: escrow.ByBuyer, AccountID: buyer},
		rules, on(5))
	if err != nil {
		t.Fatal(err)
	}
	unsent, _ := working().Overdue(held(), rules, on(25))
	done := working()
	done.Phase = escrow.Done
	for name, c := range map[string]struct {
		e    escrow.Escrow
		s    escrow.Share
		who  market.MerchantID
		day  int
		want bool
	}{
		"while members pay":         {paying(), held(), seller, 2, false},
		"from the start":            {working(), held(), seller, 2, true},
		"to another":                {working(), held(), "mer_2", 2, false},
		"to nobody":                 {working(), held(), "", 2, false},
		"on its way":                {working(), shipped(2), seller, 3, true},
		"delivered":                 {working(), delivered(4), seller, 6, true},
		"days after the delivery":   {working(), ended, seller, 18, true},
		"the last day":              {done, ended, seller, 18, true},
		"afterwards":                {done, ended, seller, 19, false},
		"never sent":                {working(), unsent, seller, 25, false},
		"nobody needs it, a branch": {atBranch(), held(), seller, 2, false},
	} {
		if got := c.e.AddressVisible(c.s, c.who, on(c.day)); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	if held().Changeable(buyer) != nil || held().Changeable("acc_other") == nil || shipped(2).Changeable(buyer) == nil {
		t.Error("who may change an address, and until when")
	}
}

// TestClockEndsEverything: whatever was sent, heard and said, and in whatever order, the clock ends every share within
// twice the days after the day promised, the longest silence and the longest dispute; no won is lost on the way.
func TestClockEndsEverything(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		e, s, day := working(), held(), 1
		var d escrow.Dispute
		var events []parcel.Event
		for range rapid.IntRange(0, 12).Draw(rt, "steps") {
			day += rapid.IntRange(0, 9).Draw(rt, "days")
			now := on(day)
			if day > 60 {
				break
			}
			switch rapid.IntRange(0, 5).Draw(rt, "step") {
			case 0:
				if next, err := e.Ship(s, rules, now); err == nil {
					s = next
				}
			case 1, 2:
				events = append(events, parcel.Event{Kind: rapid.SampledFrom(parcel.Kinds()).Draw(rt, "kind"), At: now})
				s, _ = e.Follow(s, parcel.Fold(events), rules, now)
			case 3:
				if next, opened, err := e.Dispute(s, escrow.Broken, rules, now); err == nil {
					s, d = next, opened
				}
			case 4:
				say := rapid.SampledFrom([]escrow.Word{{Say: escrow.SayAnswer, By: escrow.BySeller, Words: "x"},
					{Say: escrow.SayReply, By: escrow.ByBuyer, Words: "x"}}).Draw(rt, "word")
				if next, err := d.Hear(say, rules, now); err == nil && s.State == escrow.Disputed {
					d, s = next, next.Settle(s, rules, now)
				}
			case 5:
				if next, err := s.Wait(buyer, rules, now); err == nil {
					s = next
				}
			}
			if x := s.Stands(); x.Held+x.Frozen+x.Released+x.Refunded != s.Paid || x.Frozen > 0 && x.Released > 0 {
				rt.Fatalf("31, 32 %+v of %d", x, s.Paid)
			}
		}
		last := on(60 + rules.ConfirmDaysMax + rules.DisputeDays + 3)
		if over, decided := d.Overdue(parcel.Fold(events).Proven(), last); decided && s.State == escrow.Disputed {
			s = over.Settle(s, rules, last)
		} else {
			s, _ = e.Overdue(s, rules, last)
		}
		if !s.State.Ended() || s.Released+s.Refunded != s.Amount {
			rt.Fatalf("32 %s stays for ever: %+v", s.State, s)
		}
	})
}
