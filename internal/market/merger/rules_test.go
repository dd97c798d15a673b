package merger_test

import (
	"flag"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/machine/machinetest"
	"github.com/dure-commerce/dure/internal/market/merger"
)

var update = flag.Bool("update", false, "draw docs/states anew")

func TestStates(t *testing.T) {
	machinetest.Check(t, machinetest.Page{File: "../../../docs/states/merger.md", Title: "a proposal to merge",
		Intro:  "Drawn from `internal/market/merger` by its test (`go test ./internal/market/merger -update`).",
		Begins: []string{"asked"}, Update: *update}, merger.Transitions())
	open := merger.Merger{State: merger.Asked, Until: time.Unix(100, 0)}
	if open.Overdue(time.Unix(99, 0)) || !open.Overdue(time.Unix(100, 0)) {
		t.Error("the last instant counts")
	}
	for _, state := range merger.States()[1:] {
		for _, action := range merger.Actions() {
			for _, by := range []merger.By{merger.ByAsker, merger.ByOther, merger.ByClock} {
				if _, err := (merger.Merger{State: state}).Next(action, by); err == nil {
					t.Errorf("%s can %s", state, action)
				}
			}
		}
	}
}
