package tidy

import (
	"os"
	"slices"
	"testing"
)

// TestRepository runs every check on this repository. A finding says what to do.
func TestRepository(t *testing.T) {
	r, err := Load(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	for name, check := range checks() {
		t.Run(name, func(t *testing.T) {
			for _, line := range report(check(r)) {
				t.Error(line)
			}
		})
	}
}

func checks() map[string]func(*Repository) []Finding {
	return map[string]func(*Repository) []Finding{
		"imports":            Imports,
		"test libraries":     TestLibraries,
		"write transactions": WriteTransactions,
		"tables":             Tables,
		"flows":              Flows,
		"sql subset":         Subset,
		"bans":               Bans,
		"floats":             Floats,
		"leftovers":          Leftovers,
		"sizes":              Sizes,
		"names":              Names,
		"migrations":         Migrations,
		"catalogues":         Catalogues,
		"documents":          Documents,
		"invariants":         Invariants,
		"machines":           Machines,
	}
}

// report sorts findings and drops repeated ones.
func report(found []Finding) []string {
	var lines []string
	for _, f := range found {
		lines = append(lines, f.String())
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}
