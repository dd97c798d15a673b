package deposit_test

import (
	"flag"
	"slices"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/machine/machinetest"
	"github.com/dure-commerce/dure/internal/market/bid/deposit"
)

var update = flag.Bool("update", false, "write docs/states/deposit.md anew")

// TestStatesAreDrawn keeps the page of docs/states equal to the table that the code follows.
func TestStatesAreDrawn(t *testing.T) {
	machinetest.Check(t, machinetest.Page{File: "../../../../docs/states/deposit.md", Title: "a bid's deposit",
		Intro: "Drawn from `internal/market/bid/deposit` by its test (`go test ./internal/market/bid/deposit -update`). " +
			"One payment that a seller puts down for its bid; why it ended stands beside it.",
		Begins: []string{"open"}, Update: *update}, deposit.Transitions())
}

// TestNoDepositWaitsForAPerson: what is down ends by the clock alone.
func TestNoDepositWaitsForAPerson(t *testing.T) {
	for _, s := range deposit.Transitions() {
		if s.From == deposit.Held && !slices.Contains(s.By, deposit.ByClock) {
			t.Errorf("%s of a deposit waits for somebody", s.Action)
		}
	}
}
