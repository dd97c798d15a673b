package tidy

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// ring is a level of the house: imports point to a lower one.
type ring int

const (
	kit ring = iota + 1
	ground
	market
	flow
	web
	beside // app and what stands beside it
	command
)

// ringOf gives the level of a folder, and the unit inside the level that must not look sideways.
func ringOf(folder string) (ring, string) {
	parts := strings.Split(folder, "/")
	if parts[0] == "cmd" {
		return command, folder
	}
	if parts[0] != "internal" || len(parts) < 2 {
		return 0, ""
	}
	unit := ""
	if len(parts) > 2 {
		unit = parts[2]
	}
	switch parts[1] {
	case "kit":
		return kit, unit
	case "schema", "sandbox":
		return ground, parts[1]
	case "market":
		return market, unit
	case "flow":
		return flow, unit
	case "web":
		if unit == "e2e" { // journeys through the whole program
			return beside, unit
		}
		return web, unit
	}
	return beside, parts[1]
}

// Imports checks that imports point down: cmd, app, web, flow, market, kit; never sideways in web, flow and market.
func Imports(r *Repository) []Finding {
	var found []Finding
	for _, file := range r.Go() {
		for target, line := range r.Imports(file) {
			if why := forbidden(file, target); why != "" {
				found = append(found, Finding{file.Path, line, fmt.Sprintf("imports %s: %s", target, why)})
			}
		}
	}
	return found
}

func forbidden(file *File, target string) string {
	from, unit := ringOf(file.Folder())
	to, targetUnit := ringOf(target)
	switch {
	case testOnly(target) && !file.Test() && !testOnly(file.Folder()) && !under(file.Path, "internal/tools"):
		return "only tests may import what is made for tests"
	case file.Test() && (testOnly(target) || under(target, "internal/web/e2e")):
		return "" // a test may stand in a whole world, whatever ring its subject belongs to
	case from == 0 || to == 0 || from == beside || testOnly(file.Folder()):
		return upward(from, to)
	case to == ground:
		return groundRule(file, from, unit, targetUnit)
	case to > from:
		return "imports point down: cmd → app → web → flow → market → kit"
	case to == from && unit != targetUnit:
		return sideways(file, from, unit, targetUnit)
	}
	return ""
}

func upward(from, to ring) string {
	if from == beside && to == command {
		return "imports point down: nothing imports a command"
	}
	return ""
}

// groundRule keeps migrations and the sandbox bank out of the product's own rings.
func groundRule(file *File, from ring, unit, targetUnit string) string {
	switch {
	case from >= beside, file.Test(), from == ground && unit == targetUnit:
		return ""
	case targetUnit == "schema":
		return "only app and what stands beside it know the migrations"
	}
	return "only app, what stands beside it and tests know the sandbox; the product speaks to it over HTTP"
}

func sideways(file *File, level ring, unit, targetUnit string) string {
	switch {
	case level == kit || level == command:
		return ""
	case level == ground:
		return "the sandbox imports only kit"
	case level == market && slices.Contains([]string{"", "event"}, targetUnit):
		return ""
	case level == market && slices.Contains([]string{"catalog", "report"}, unit):
		return ""
	case level == web && slices.Contains([]string{"ui", "request"}, targetUnit):
		return ""
	case level == flow && targetUnit == "outcome": // what several journeys post, each in its own transaction
		return ""
	case level != market && file.Test():
		return "" // journeys and pages are tested on worlds that other journeys made
	}
	return fmt.Sprintf("never sideways inside %s: an event or a flow is missing", level)
}

func (r ring) String() string {
	switch r {
	case market:
		return "market"
	case flow:
		return "flow"
	case web:
		return "web"
	default: // sideways is allowed in the others
		return "this ring"
	}
}

// testOnly tells whether a folder of this module is made for tests: its name ends in "test", or it is the browser's.
func testOnly(folder string) bool {
	if under(folder, "internal/web/e2e") {
		return true
	}
	return slices.ContainsFunc(strings.Split(folder, "/"), func(part string) bool {
		return strings.HasSuffix(part, "test")
	})
}

// testLibraries are modules and packages that must not be linked into the product.
func testLibraries() []string {
	return []string{
		"testing", "pgregory.net/rapid", "github.com/chromedp/chromedp", "go.uber.org/goleak",
		"github.com/google/go-cmp/cmp", "github.com/makiuchi-d/gozxing",
	}
}

// TestLibraries checks that libraries for tests stay in tests.
func TestLibraries(r *Repository) []Finding {
	var found []Finding
	for _, file := range r.Go() {
		if file.Test() || testOnly(file.Folder()) || path.Base(file.Folder()) == "tidy" {
			continue
		}
		for _, spec := range file.Syntax.Imports {
			name := strings.Trim(spec.Path.Value, `"`)
			if underAny(name, testLibraries()) {
				found = append(found, Finding{file.Path, r.Line(spec.Pos()),
					"imports " + name + ": libraries for tests belong into _test.go files and …test packages"})
			}
		}
	}
	return found
}
