package escrow_test

import (
	"errors"
	"flag"
	"slices"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/machine/machinetest"
	"github.com/dure-commerce/dure/internal/market/escrow"
)

var update = flag.Bool("update", false, "write docs/states/escrow.md and dispute.md anew")

// TestStatesAreDrawn keeps the pages of docs/states equal to the tables that the code follows.
func TestStatesAreDrawn(t *testing.T) {
	const drawn = "Drawn from `internal/market/escrow` by its test (`go test ./internal/market/escrow -update`). "
	machinetest.Check(t, machinetest.Page{File: "../../../docs/states/escrow.md", Title: "a share in escrow",
		Intro: drawn + "One member's money of a crowd. A use at the branch is both delivery and receipt; silence alone " +
			"releases nothing: only what is delivered is released by it.",
		Begins: []string{"held"}, Update: *update}, escrow.Transitions())
	machinetest.Check(t, machinetest.Page{File: "../../../docs/states/dispute.md", Title: "a dispute",
		Intro: drawn + "The turn says whose word it waits for. Every turn has an end, and the clock decides when one " +
			"is let pass.",
		Begins: []string{"seller"}, Update: *update}, escrow.DisputeSteps())
}

// TestEveryShareEnds: the clock leads every state that is no end out of itself, and so it does every turn of a dispute
// (invariant 32); and nothing leads from a disputed share to its release but a decision.
func TestEveryShareEnds(t *testing.T) {
	for _, s := range escrow.Transitions() {
		if !slices.ContainsFunc(escrow.Transitions(), func(x escrow.Transition) bool {
			return x.From == s.From && slices.Contains(x.By, escrow.ByClock) && x.To.Ended()
		}) {
			t.Errorf("a share may stay %s for ever", s.From)
		}
		if s.From == escrow.Disputed && s.To != escrow.Decided {
			t.Errorf("32 disputed and %s", s.To)
		}
		if s.To == escrow.Released && s.From == escrow.Shipped && slices.Contains(s.By, escrow.ByClock) {
			t.Error("silence alone releases")
		}
	}
	for _, s := range escrow.DisputeSteps() {
		if !slices.ContainsFunc(escrow.DisputeSteps(), func(x escrow.DisputeStep) bool {
			return x.From == s.From && slices.Contains(x.By, escrow.ByClock) && x.To == escrow.TurnOver
		}) {
			t.Errorf("a dispute may wait for the %s for ever", s.From)
		}
	}
	for s, ended := range map[escrow.State]bool{escrow.Held: false, escrow.Released: true, escrow.Refunded: true,
		escrow.Decided: true, escrow.Disputed: false} {
		if s.Ended() != ended {
			t.Errorf("%s: ended is %t", s, s.Ended())
		}
	}
}

func TestNobodyElseMovesAShare(t *testing.T) {
	for _, c := range []struct {
		from escrow.State
		act  escrow.Action
		by   escrow.By
	}{
		{escrow.Shipped, escrow.ActConfirm, escrow.BySeller},
		{escrow.Shipped, escrow.ActArrive, escrow.BySeller},
		{escrow.Held, escrow.ActConfirm, escrow.ByBuyer},
		{escrow.Delivered, escrow.ActWithdraw, escrow.ByBuyer},
		{escrow.Shipped, escrow.ActSilence, escrow.ByClock},
		{escrow.Disputed, escrow.ActConfirm, escrow.ByBuyer},
		{escrow.Disputed, escrow.ActGiveBack, escrow.ByOperator},
		{escrow.Released, escrow.ActDispute, escrow.ByBuyer},
	} {
		if _, err := escrow.Next(c.from, c.act, c.by); !errors.Is(err, escrow.ErrState) {
			t.Errorf("%s %s by %s: %v", c.from, c.act, c.by, err)
		}
	}
	if _, err := escrow.NextTurn(escrow.TurnSeller, escrow.SayTake, escrow.ByBuyer); !errors.Is(err, escrow.ErrTurn) {
		t.Errorf("an offer is taken before there is one: %v", err)
	}
	if _, err := escrow.NextTurn(escrow.TurnOver, escrow.SayRule, escrow.ByOperator); !errors.Is(err, escrow.ErrTurn) {
		t.Errorf("decided twice: %v", err)
	}
}
