package machine_test

import (
	"testing"

	"github.com/dure-commerce/dure/internal/kit/machine"
)

type state string

func door() machine.Table[state, string, string] {
	allow := machine.Allow[state, string, string]
	return machine.Table[state, string, string]{
		allow("shut", "open", "open", "guest", "host"),
		allow("open", "shut", "shut", "host"),
		allow("shut", "wall up", "wall", "host"),
	}
}

func TestNextFollowsTheTable(t *testing.T) {
	for _, c := range []struct {
		from       state
		action, by string
		to         state
		ok         bool
	}{
		{"shut", "open", "guest", "open", true}, {"shut", "open", "host", "open", true},
		{"open", "shut", "guest", "open", false}, {"open", "open", "host", "open", false},
		{"wall", "open", "host", "wall", false}, {"", "", "", "", false},
	} {
		if to, ok := door().Next(c.from, c.action, c.by); to != c.to || ok != c.ok {
			t.Errorf("%+v: %s, %t", c, to, ok)
		}
	}
	if to, ok := door().NextBy("open", "shut"); to != "shut" || !ok {
		t.Errorf("by whoever may: %s, %t", to, ok)
	}
	if door().Terminal("open") || !door().Terminal("wall") {
		t.Error("nothing leaves a wall, something an open door")
	}
}
