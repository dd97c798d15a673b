package machinetest

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/machine"
)

// Page is a page of docs/states.
type Page struct {
	File   string // from the test's folder
	Title  string // "a deal"
	Intro  string // below the title
	Begins []string
	Update bool // writes the page instead of comparing
}

// Check fails when the page is not what the table draws.
func Check[S, A, B ~string](t *testing.T, p Page, table machine.Table[S, A, B]) {
	t.Helper()
	text := p.text(rows(table))
	if p.Update {
		if err := os.WriteFile(p.File, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if is, err := os.ReadFile(p.File); err != nil || string(is) != text {
		t.Errorf("%s differs from the table: look, then -update (%v)", p.File, err)
	}
}

// row is a step in words.
type row struct{ from, action, by, to string }

func rows[S, A, B ~string](table machine.Table[S, A, B]) (out []row) {
	for _, s := range table {
		by := make([]string, len(s.By))
		for i, one := range s.By {
			by[i] = string(one)
		}
		out = append(out, row{string(s.From), string(s.Action), strings.Join(by, ", "), string(s.To)})
	}
	return out
}

func (p Page) text(list []row) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# States of %s\n\n%s\n\n| from | action | by | to |\n|---|---|---|---|\n", p.Title, p.Intro)
	for _, r := range list {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", r.from, r.action, r.by, r.to)
	}
	b.WriteString("\n```mermaid\nstateDiagram-v2\n")
	for _, begin := range p.Begins {
		fmt.Fprintf(&b, "  [*] --> %s\n", begin)
	}
	for _, r := range list {
		fmt.Fprintf(&b, "  %s --> %s: %s\n", r.from, r.to, r.action)
	}
	b.WriteString("```\n")
	return b.String()
}
