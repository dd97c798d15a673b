package collect_test

import (
	"flag"
	"slices"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/machine/machinetest"
	"github.com/dure-commerce/dure/internal/market/collect"
)

var update = flag.Bool("update", false, "write docs/states/collect.md anew")

// TestStatesAreDrawn keeps the page of docs/states equal to the table that the code follows.
func TestStatesAreDrawn(t *testing.T) {
	machinetest.Check(t, machinetest.Page{File: "../../../docs/states/collect.md", Title: "a crowd's payment",
		Intro: "Drawn from `internal/market/collect` by its test (`go test ./internal/market/collect -update`). The time " +
			"in which the firm members of a wish pay; another round begins with each seller who is asked.",
		Begins: []string{"open"}, Update: *update}, collect.Transitions())
}

// TestPayingEnds: the clock leads every state that is no end to the end, and no state waits for a seller alone.
func TestPayingEnds(t *testing.T) {
	for _, s := range collect.Transitions() {
		if s.From == collect.Over {
			continue
		}
		if !slices.ContainsFunc(collect.Transitions(), func(x collect.Transition) bool {
			return x.From == s.From && x.To == collect.Over && slices.Contains(x.By, collect.ByClock)
		}) {
			t.Errorf("paying may stay %s for ever", s.From)
		}
	}
}
