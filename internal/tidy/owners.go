package tidy

import (
	"fmt"
	"go/ast"
	"regexp"
	"slices"
	"strings"
)

var (
	createTable = regexp.MustCompile(`(?i)\bCREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(\w+)`)
	ownerLine   = regexp.MustCompile(`(?m)^owner:\s*(\S+)\s*$`)
	writtenTo   = regexp.MustCompile(`(?i)\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+(\w+)`)
	readFrom    = regexp.MustCompile(`(?i)\b(?:FROM|JOIN)\s+(\w+)`)
)

// TableOwners maps each table to the noun that writes it, as the migrations' notes.md say.
func TableOwners(r *Repository) map[string]string {
	owners := map[string]string{}
	for _, file := range r.Files {
		if !under(file.Path, "internal/schema") || !strings.HasSuffix(file.Path, "/up.sql") {
			continue
		}
		notes := r.File(file.Folder() + "/notes.md")
		if notes == nil {
			continue // the check of migrations says so
		}
		owner := ownerLine.FindStringSubmatch(notes.Text)
		for _, table := range createTable.FindAllStringSubmatch(file.Text, -1) {
			if owner != nil {
				owners[table[1]] = owner[1]
			}
		}
	}
	return owners
}

// Tables checks that only the owner writes a table, that joins over several nouns live in catalog and report, and
// that rings without SQL have none.
func Tables(r *Repository) []Finding {
	owners := TableOwners(r)
	var found []Finding
	files := slices.DeleteFunc(r.HandWritten(), func(f *File) bool { return f.Test() || testOnly(f.Folder()) })
	for _, s := range statements(r, files) {
		at := func(format string, arguments ...any) {
			found = append(found, Finding{s.file.Path, s.line, fmt.Sprintf(format, arguments...)})
		}
		if level, _ := ringOf(s.file.Folder()); level == flow || level == web || level == command {
			at("SQL stands in market and kit: give the noun a verb for it")
			continue
		}
		if under(s.file.Path, throwAway) {
			continue
		}
		for _, table := range writes(s) {
			if owner, known := owners[table]; known && !owns(s.file.Folder(), owner) {
				at("writes %s, which belongs to %s: ask its owner for a verb", table, owner)
			}
		}
		if strangers := joined(s, owners); len(strangers) > 1 && !joins(s.file.Folder()) {
			at("joins tables of %s: joined reads live in market/catalog and market/report",
				strings.Join(strangers, " and "))
		}
	}
	return found
}

// throwAway writes and reads databases of its own, in bulk: they are gone when a bench ends.
const throwAway = "internal/bench"

func writes(s statement) []string {
	if s.table != "" {
		return []string{s.table}
	}
	var tables []string
	for _, hit := range writtenTo.FindAllStringSubmatch(s.text, -1) {
		tables = append(tables, hit[1])
	}
	return tables
}

// owns tells whether a package is the owner, or a part of it.
func owns(folder, owner string) bool {
	if owner == "kit" || owner == "sandbox" || owner == "schema" || strings.Contains(owner, "/") {
		return under(folder, "internal/"+owner)
	}
	return under(folder, "internal/market/"+owner) || under(folder, "internal/kit/"+owner)
}

func joins(folder string) bool {
	return underAny(folder, []string{
		"internal/market/catalog", "internal/market/report", "internal/doctor", "internal/sim",
	})
}

func joined(s statement, owners map[string]string) []string {
	var nouns []string
	for _, hit := range readFrom.FindAllStringSubmatch(s.text, -1) {
		if owner, known := owners[hit[1]]; known && !slices.Contains(nouns, owner) {
			nouns = append(nouns, owner)
		}
	}
	slices.Sort(nouns)
	return nouns
}

// WriteTransactions checks that only flows, and kit for its own tables, open a write transaction.
func WriteTransactions(r *Repository) []Finding {
	var found []Finding
	for _, file := range r.HandWritten() {
		if file.Test() || testOnly(file.Folder()) || underAny(file.Path, writers()) {
			continue
		}
		ast.Inspect(file.Syntax, func(node ast.Node) bool {
			if call, ok := node.(*ast.CallExpr); ok && opensWrite(call) {
				found = append(found, Finding{file.Path, r.Line(call.Pos()),
					"opens a write transaction: only a flow does; take a *db.Tx instead"})
			}
			return true
		})
	}
	return found
}

func writers() []string {
	return []string{"internal/flow", "internal/kit", "internal/sandbox", "internal/schema", throwAway}
}

// opensWrite recognises d.Write(ctx, …): no other Write of Go takes a context and a function.
func opensWrite(call *ast.CallExpr) bool {
	selector, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || selector.Sel.Name != "Write" || len(call.Args) != 2 {
		return false
	}
	if literal, ok := call.Args[1].(*ast.FuncLit); ok {
		return takesTx(literal.Type)
	}
	first, ok := call.Args[0].(*ast.Ident)
	return ok && first.Name == "ctx"
}

func takesTx(signature *ast.FuncType) bool {
	for _, field := range signature.Params.List {
		star, ok := field.Type.(*ast.StarExpr)
		if !ok {
			continue
		}
		if selector, ok := star.X.(*ast.SelectorExpr); ok && selector.Sel.Name == "Tx" {
			return true
		}
	}
	return false
}

// Flows checks that journeys leave decisions to nouns: no look at a state, no reckoning with dates.
func Flows(r *Repository) []Finding {
	var found []Finding
	for _, file := range r.HandWritten() {
		if file.Test() || !under(file.Path, "internal/flow") {
			continue
		}
		ast.Inspect(file.Syntax, func(node ast.Node) bool {
			switch n := node.(type) {
			case *ast.BinaryExpr:
				if endsInState(n.X) || endsInState(n.Y) {
					found = append(found, Finding{file.Path, r.Line(n.Pos()),
						"a flow compares a noun's state: let the noun's rule decide"})
				}
			case *ast.SwitchStmt:
				if n.Tag != nil && endsInState(n.Tag) {
					found = append(found, Finding{file.Path, r.Line(n.Pos()),
						"a flow switches on a noun's state: let the noun's rule decide"})
				}
			case *ast.SelectorExpr:
				if n.Sel.Name == "AddDate" {
					found = append(found, Finding{file.Path, r.Line(n.Pos()),
						"a flow reckons with dates: let the noun's rule do it"})
				}
			}
			return true
		})
	}
	return found
}

func endsInState(expression ast.Expr) bool {
	selector, ok := expression.(*ast.SelectorExpr)
	return ok && selector.Sel.Name == "State"
}
