package bid_test

import (
	"errors"
	"flag"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/machine/machinetest"
	"github.com/dure-commerce/dure/internal/market/bid"
)

var update = flag.Bool("update", false, "write docs/states/auction.md and docs/states/bid.md anew")

// TestStatesAreDrawn keeps docs/states equal to the tables that the code follows.
func TestStatesAreDrawn(t *testing.T) {
	const by = "Drawn from `internal/market/bid` by its test (`go test ./internal/market/bid -update`). "
	machinetest.Check(t, machinetest.Page{File: "../../../docs/states/auction.md", Title: "an auction",
		Intro:  by + "A sealed auction is locked and revealed, an open one closed at once.",
		Begins: []string{"planned"}, Update: *update}, bid.Transitions())
	machinetest.Check(t, machinetest.Page{File: "../../../docs/states/bid.md", Title: "a bid",
		Intro:  by + "Only a standing bid, and the winner, bind their seller.",
		Begins: []string{"standing"}, Update: *update}, bid.BidTransitions())
}

func TestNothingButTheTableIsAllowed(t *testing.T) {
	actions := []bid.Action{bid.ActOpen, bid.ActClose, bid.ActLock, bid.ActReveal, bid.ActAward, bid.ActPass,
		bid.ActFinish, bid.ActVoid, bid.ActReopen, bid.ActReplace, bid.ActWithdraw, bid.ActDisqualify, bid.ActWin,
		bid.ActFail, bid.ActLapse}
	people := []bid.By{bid.ByClock, bid.ByLead, bid.ByOperator, bid.BySeller, bid.ByMembers}
	count := func(next func(action bid.Action, by bid.By) error) (allowed int) {
		for _, action := range actions {
			for _, by := range people {
				if err := next(action, by); err == nil {
					allowed++
				} else if !errors.Is(err, bid.ErrState) {
					t.Error(err)
				}
			}
		}
		return allowed
	}
	allowed, want := 0, 0
	for _, from := range []bid.State{bid.Planned, bid.Open, bid.Revealing, bid.Closed, bid.Awarded, bid.Done, bid.Void} {
		allowed += count(func(action bid.Action, by bid.By) error { _, err := bid.Next(from, action, by); return err })
	}
	for _, from := range []bid.BidState{bid.Standing, bid.Replaced, bid.Withdrawn, bid.Disqualified, bid.Winner,
		bid.Failed, bid.Lapsed} {
		allowed += count(func(action bid.Action, by bid.By) error { _, err := bid.NextBid(from, action, by); return err })
	}
	for _, s := range bid.Transitions() {
		want += len(s.By)
	}
	for _, s := range bid.BidTransitions() {
		want += len(s.By)
	}
	if allowed != want {
		t.Errorf("%d steps allowed, %d in the tables", allowed, want)
	}
}
