package tidy

import (
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"slices"
	"strings"
)

// ban is a word of Go that has one home.
type ban struct {
	pkg     string // import path; "" for a predeclared name or a method
	names   []string
	homes   []string // folders where it is at home
	instead string
}

func bans() []ban {
	// Tools measure how long they take; that time never reaches a rule.
	const tools = "internal/tools"
	return []ban{
		{"time", []string{"Now", "Since", "Until"}, []string{"internal/kit/clock", tools, "internal/bench"},
			"only kit/clock reads the clock; take now time.Time, or tx.Now()"},
		{"time", []string{"Sleep"}, nil, "never sleep: wait for a signal, or use testing/synctest"},
		{"fmt", []string{"Print", "Printf", "Println"}, []string{"cmd", tools},
			"libraries do not print; write to an io.Writer or log with slog"},
		{"os", []string{"Exit"}, []string{"cmd", tools, "internal/kit/db/dbtest/keeper", "test/fault"},
			"only a command ends the program; return an error"},
		{"", []string{"panic"}, []string{"internal/kit/assert"}, "return an error, or use assert.That for our own mistakes"},
		{"", []string{"println", "print"}, nil, "log with slog"},
	}
}

// packageBans are imports that have one home.
func packageBans() []ban {
	return []ban{
		{pkg: "math/rand", instead: "randomness comes from kit/id"},
		{pkg: "math/rand/v2", homes: []string{"internal/kit/id"}, instead: "randomness comes from kit/id"},
		{pkg: "crypto/rand", homes: []string{"internal/kit/id"}, instead: "randomness comes from kit/id"},
		{pkg: "log", instead: "log with log/slog"},
		{pkg: "io/ioutil", instead: "use io and os"},
		{pkg: "reflect", homes: []string{"internal/kit", "internal/tools"}, instead: "say it with types"},
		{pkg: "unsafe", homes: []string{"test/fault/disk"}, instead: "say it with types"},
	}
}

func (b ban) applies(file *File) bool {
	switch {
	case underAny(file.Path, b.homes):
		return false
	case slices.Contains(b.names, "panic"):
		return !file.Test() // a test may play the part that breaks
	case b.pkg == "time" && file.Test():
		// Inside a synctest bubble time is not real; a benchmark is there to measure it.
		return !strings.Contains(file.Text, `"testing/synctest"`) && !strings.HasSuffix(file.Path, "bench_test.go")
	case b.pkg == "log":
		return file.Syntax.Name.Name != "main"
	}
	return true
}

// Bans checks for words that have one home.
func Bans(r *Repository) []Finding {
	var found []Finding
	for _, file := range r.HandWritten() {
		found = append(found, importBans(r, file)...)
		names := importNames(file)
		ast.Inspect(file.Syntax, func(node ast.Node) bool {
			switch n := node.(type) {
			case *ast.SelectorExpr:
				found = append(found, selectorBans(r, file, names, n)...)
			case *ast.CallExpr:
				found = append(found, callBans(r, file, n)...)
			case *ast.FuncDecl:
				if n.Name.Name == "init" && n.Recv == nil {
					found = append(found, Finding{file.Path, r.Line(n.Pos()), "no init(): construct it where it is used"})
				}
			}
			return true
		})
	}
	return found
}

func importBans(r *Repository, file *File) []Finding {
	var found []Finding
	for _, spec := range file.Syntax.Imports {
		for _, b := range packageBans() {
			if strings.Trim(spec.Path.Value, `"`) == b.pkg && b.applies(file) {
				found = append(found, Finding{file.Path, r.Line(spec.Pos()), "imports " + b.pkg + ": " + b.instead})
			}
		}
	}
	return found
}

// importNames maps the name a file uses for a package to the package's path.
func importNames(file *File) map[string]string {
	names := map[string]string{}
	for _, spec := range file.Syntax.Imports {
		pkg := strings.Trim(spec.Path.Value, `"`)
		name := path.Base(pkg)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = pkg
	}
	return names
}

func selectorBans(r *Repository, file *File, names map[string]string, selector *ast.SelectorExpr) []Finding {
	owner, ok := selector.X.(*ast.Ident)
	if !ok {
		return nil
	}
	if owner.Name == "t" && slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, selector.Sel.Name) {
		return []Finding{{file.Path, r.Line(selector.Pos()),
			"no skipping: a test that cannot run fails and says what to install"}}
	}
	for _, b := range bans() {
		if b.pkg != "" && names[owner.Name] == b.pkg && slices.Contains(b.names, selector.Sel.Name) && b.applies(file) {
			return []Finding{{file.Path, r.Line(selector.Pos()),
				fmt.Sprintf("%s.%s: %s", owner.Name, selector.Sel.Name, b.instead)}}
		}
	}
	return nil
}

func callBans(r *Repository, file *File, call *ast.CallExpr) []Finding {
	name, ok := call.Fun.(*ast.Ident)
	if !ok || passedOn(file, name, call) {
		return nil
	}
	for _, b := range bans() {
		if b.pkg == "" && slices.Contains(b.names, name.Name) && b.applies(file) {
			return []Finding{{file.Path, r.Line(call.Pos()), name.Name + ": " + b.instead}}
		}
	}
	return nil
}

// passedOn recognises a panic that is only let through: one that was recovered, and http.ErrAbortHandler.
func passedOn(file *File, name *ast.Ident, call *ast.CallExpr) bool {
	if name.Name != "panic" || len(call.Args) != 1 {
		return false
	}
	switch argument := call.Args[0].(type) {
	case *ast.Ident:
		return strings.Contains(file.Text, argument.Name+" := recover()")
	case *ast.SelectorExpr:
		return argument.Sel.Name == "ErrAbortHandler"
	}
	return false
}

// moneyFolders hold won; a float there is a lost won sooner or later.
func moneyFolders() []string {
	return []string{
		"internal/kit/money", "internal/market/ledger", "internal/market/settlement", "internal/market/payment",
		"internal/market/order", "internal/market/voucher", "internal/market/deal", "internal/flow", "internal/sandbox",
	}
}

// Floats checks that no floating-point type or number comes near money.
func Floats(r *Repository) []Finding {
	var found []Finding
	for _, file := range r.HandWritten() {
		if file.Test() || !underAny(file.Path, moneyFolders()) {
			continue
		}
		ast.Inspect(file.Syntax, func(node ast.Node) bool {
			switch n := node.(type) {
			case *ast.Ident:
				if n.Name == "float64" || n.Name == "float32" {
					found = append(found, Finding{file.Path, r.Line(n.Pos()), n.Name + ": money is int64 won"})
				}
			case *ast.BasicLit:
				if n.Kind.String() == "FLOAT" {
					found = append(found, Finding{file.Path, r.Line(n.Pos()),
						n.Value + ": no fractions near money; rates are basis points"})
				}
			}
			return true
		})
	}
	return found
}

// The word is put together so that this file does not name it.
var leftover = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`)

// Leftovers checks for notes to self, which belong into docs/known-limits.md or into a change.
func Leftovers(r *Repository) []Finding {
	var found []Finding
	kinds := []string{".go", ".templ", ".sql", ".md", ".ts", ".css", ".yml"}
	for _, file := range r.Files {
		if !slices.Contains(kinds, path.Ext(file.Path)) || strings.Contains(file.Path, "vendor") || file.Generated() {
			continue
		}
		for number, line := range strings.Split(file.Text, "\n") {
			if word := leftover.FindString(line); word != "" {
				found = append(found, Finding{file.Path, number + 1,
					word + ": do it now, or write it into docs/known-limits.md"})
			}
		}
	}
	return found
}
