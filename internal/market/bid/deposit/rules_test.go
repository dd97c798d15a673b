package deposit_test

import (
	"errors"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/deposit"
)

var (
	noon  = time.Date(2027, 3, 3, 3, 0, 0, 0, time.UTC)
	rules = deposit.Rules{Max: 300_000, Unused: 24 * time.Hour, FaultBP: 5_000}
)

// TestJudge: what becomes of won that was put down at noon, by what became of the seller's bids.
func TestJudge(t *testing.T) {
	later := noon.Add(time.Hour)
	ended := func(state bid.BidState, reason string, outcome bid.Reason) bid.Bid {
		return bid.Bid{State: state, EndedAt: later, Reason: reason, Outcome: outcome}
	}
	winner := bid.Bid{State: bid.Winner}
	for name, c := range map[string]struct {
		bids    []bid.Bid
		takes   bool
		service deposit.Service
		after   time.Duration
		want    deposit.Cause
		keep    bool
	}{
		"no bid yet":      {nil, true, deposit.Service{}, 23 * time.Hour, "", false},
		"no bid in a day": {nil, true, deposit.Service{}, 24 * time.Hour, deposit.CauseUnused, false},
		"no bid, closed":  {nil, false, deposit.Service{}, time.Hour, deposit.CauseUnused, false},
		"stands":          {[]bid.Bid{{State: bid.Standing}}, true, deposit.Service{}, 99 * time.Hour, "", false},
		"stands again": {[]bid.Bid{ended(bid.Withdrawn, "", ""), {State: bid.Standing}}, true, deposit.Service{}, time.Hour,
			"", false},
		"taken back": {[]bid.Bid{ended(bid.Withdrawn, "", "")}, true, deposit.Service{}, 2 * time.Hour,
			deposit.CauseWithdrawn, false},
		"lost": {[]bid.Bid{ended(bid.Replaced, "", ""), ended(bid.Lapsed, "", bid.ReasonPrice)}, false, deposit.Service{},
			2 * time.Hour, deposit.CauseLost, false},
		"won, and nobody paid": {[]bid.Bid{ended(bid.Lapsed, "", bid.ReasonLowest)}, false, deposit.Service{}, 2 * time.Hour,
			deposit.CauseNoFault, false},
		"its deposit was gone": {[]bid.Bid{ended(bid.Failed, "bid.deposit", bid.ReasonFailed)}, false, deposit.Service{},
			2 * time.Hour, deposit.CauseNoFault, false},
		"voted out": {[]bid.Bid{ended(bid.Disqualified, "", bid.ReasonVoted)}, false, deposit.Service{}, 2 * time.Hour,
			deposit.CauseLost, false},
		"a fake": {[]bid.Bid{ended(bid.Disqualified, "거짓", bid.ReasonOperator)}, true, deposit.Service{}, 2 * time.Hour,
			deposit.CauseFake, true},
		"a broken seal": {[]bid.Bid{ended(bid.Disqualified, "", bid.ReasonSeal)}, false, deposit.Service{}, 2 * time.Hour,
			deposit.CauseFake, true},
		"stepped back": {[]bid.Bid{ended(bid.Failed, "fund.withdrew", bid.ReasonFailed)}, false, deposit.Service{},
			2 * time.Hour, deposit.CauseNoFault, false},
		"silent when short": {[]bid.Bid{ended(bid.Failed, "fund.short", bid.ReasonFailed)}, false, deposit.Service{},
			2 * time.Hour, deposit.CauseNoFault, false},
		"may not be paid": {[]bid.Bid{ended(bid.Failed, "bid.unverified", bid.ReasonFailed)}, false, deposit.Service{},
			2 * time.Hour, deposit.CauseUnfit, true},
		"at work": {[]bid.Bid{winner}, false, deposit.Service{}, 99 * time.Hour, "", false},
		"served": {[]bid.Bid{winner}, false, deposit.Service{Over: true, Units: 10, Fault: 5}, 99 * time.Hour,
			deposit.CauseServed, false},
		"served few": {[]bid.Bid{winner}, false, deposit.Service{Over: true, Units: 10, Fault: 6}, 99 * time.Hour,
			deposit.CauseNotServed, true},
		"nobody waited": {[]bid.Bid{winner}, false, deposit.Service{Over: true}, 99 * time.Hour, deposit.CauseServed, false},
	} {
		d := deposit.Deposit{State: deposit.Held, Amount: 12_000, PaidAt: noon}
		v := deposit.Standing{Bids: c.bids, Takes: c.takes, Service: c.service}.Judge(d, rules, noon.Add(c.after))
		if v.Cause != c.want || v.Keep != c.keep || v.Waits() != (c.want == "") {
			t.Errorf("%s: %+v", name, v)
		}
		if atOnce := v.Cause != deposit.CauseNotServed; v.Keep && atOnce != v.At.Equal(later) {
			t.Errorf("%s: at %s", name, v.At)
		}
	}
	// What was put down after a bid had ended is for the next one.
	d := deposit.Deposit{State: deposit.Held, PaidAt: later.Add(time.Second)}
	v := deposit.Standing{Bids: []bid.Bid{ended(bid.Withdrawn, "", "")}, Takes: true}.Judge(d, rules, later.Add(time.Hour))
	if !v.Waits() {
		t.Errorf("a deposit for the next bid: %+v", v)
	}
}

// TestParts: they are equal but for a won, and add up.
func TestParts(t *testing.T) {
	for _, members := range []int{0, 1, 2, 7, 13_000} {
		var sum, least, most int64 = 0, 1 << 40, 0
		for _, won := range (deposit.Deposit{Amount: 12_000}).Parts(members) {
			sum, least, most = sum+won, min(least, won), max(most, won)
		}
		if members > 0 && (sum != 12_000 || most-least > 1) || members == 0 && sum != 0 {
			t.Errorf("%d members: %d, from %d to %d", members, sum, least, most)
		}
	}
}

func TestMissing(t *testing.T) {
	for _, c := range []struct {
		want deposit.Want
		won  int64
		err  error
	}{
		{deposit.Want{Total: 12_000}, 12_000, nil}, {deposit.Want{Total: 12_000, Down: 5_000}, 7_000, nil},
		{deposit.Want{Total: 300_000}, 300_000, nil}, {deposit.Want{Total: 5_000, Down: 5_000}, 0, deposit.ErrDown},
		{deposit.Want{Total: 300_001}, 0, deposit.ErrTotal}, {deposit.Want{}, 0, deposit.ErrTotal},
	} {
		if won, err := rules.Missing(c.want); won != c.won || !errors.Is(err, c.err) {
			t.Errorf("%+v: %d, %v", c.want, won, err)
		}
	}
	if _, err := (deposit.Rules{}).Missing(deposit.Want{Total: 1}); !errors.Is(err, deposit.ErrNone) {
		t.Errorf("a policy without deposits: %v", err)
	}
}
