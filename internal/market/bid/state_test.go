package bid_test

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/market/bid"
)

var update = flag.Bool("update", false, "write docs/states/auction.md and docs/states/bid.md anew")

// drawn is a table of transitions as a page of docs/states.
func drawn[S ~string](title, about string, first S, table []bid.Transition[S]) string {
	var b strings.Builder
	b.WriteString("# " + title + "\n\nDrawn from `internal/market/bid` by its test " +
		"(`go test ./internal/market/bid -update`). " + about + "\n\n| from | action | by | to |\n|---|---|---|---|\n")
	for _, s := range table {
		by := make([]string, len(s.By))
		for i, who := range s.By {
			by[i] = string(who)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", s.From, s.Action, strings.Join(by, ", "), s.To)
	}
	fmt.Fprintf(&b, "\n```mermaid\nstateDiagram-v2\n  [*] --> %s\n", first)
	for _, s := range table {
		fmt.Fprintf(&b, "  %s --> %s: %s\n", s.From, s.To, s.Action)
	}
	return b.String() + "```\n"
}

// TestStatesAreDrawn keeps docs/states equal to the tables that the code follows.
func TestStatesAreDrawn(t *testing.T) {
	for name, text := range map[string]string{
		"auction": drawn("States of an auction", "A sealed auction is locked and revealed, an open one closed at once.",
			bid.Planned, bid.Transitions()),
		"bid": drawn("States of a bid", "Only a standing bid, and the winner, bind their seller.", bid.Standing,
			bid.BidTransitions()),
	} {
		page := "../../../docs/states/" + name + ".md"
		if *update {
			if err := os.WriteFile(page, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if kept, err := os.ReadFile(page); err != nil || string(kept) != text {
			t.Errorf("docs/states/%s.md differs from the table: look, then -update (%v)", name, err)
		}
	}
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
