package main

import (
	"context"
	"strings"
	"testing"
)

func TestMissingThingsAreNamedWithTheirRemedy(t *testing.T) {
	wanted := needs()
	wanted[0].present = func(context.Context) bool { return false }
	wanted[1].present = func(context.Context) bool { return true }
	err := instructions(absent(t.Context(), wanted[:2]))
	for _, part := range []string{"PostgreSQL server", "apt-get install postgresql", "initdb on PATH"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not say %q", err, part)
		}
	}
	if strings.Contains(err.Error(), "Chromium") {
		t.Errorf("%q names what is there", err)
	}
}
