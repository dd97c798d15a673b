package tidy

import (
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"
)

// statement is one SQL text, or a fragment of one, as the source spells it.
type statement struct {
	file *File
	line int
	text string // without literals; parts that are not constant are "…"
	// table is set for fragments whose table stands in another field: db.Insert and db.Update.
	table string
}

var (
	sqlStart = regexp.MustCompile(`(?s)^\s*(?:/\*.*?\*/\s*)*(SELECT\s.+|INSERT\s+INTO\s|UPDATE\s+[\w…]+\s+SET\s|` +
		`DELETE\s+FROM\s|WITH\s+(RECURSIVE\s+)?\w+\s*(\([^)]*\))?\s+AS\s*\(|` +
		`select\s.+\sfrom\s|insert\s+into\s|update\s+\w+\s+set\s|delete\s+from\s)`)
	sqlLiteral = regexp.MustCompile(`'(?:[^']|'')*'`)
)

// statements finds the SQL in Go files.
func statements(r *Repository, files []*File) []statement {
	var found []statement
	for _, file := range files {
		inner := map[ast.Node]bool{} // parts of a text that was already seen whole
		ast.Inspect(file.Syntax, func(node ast.Node) bool {
			switch n := node.(type) {
			case *ast.BinaryExpr, *ast.BasicLit:
				if inner[n] {
					return true
				}
				if text, ok := constantText(n.(ast.Expr), inner); ok && sqlStart.MatchString(text) {
					found = append(found, statement{file: file, line: r.Line(n.Pos()), text: strip(text)})
				}
			case *ast.CompositeLit:
				found = append(found, manyRows(r, file, n)...)
			}
			return true
		})
	}
	return found
}

func strip(text string) string { return sqlLiteral.ReplaceAllString(text, "''") }

// constantText joins the constant parts of an expression; other parts become "…". It marks what it has read.
func constantText(expression ast.Expr, read map[ast.Node]bool) (string, bool) {
	switch e := expression.(type) {
	case *ast.BasicLit:
		read[e] = true
		if e.Kind != token.STRING {
			return "", false
		}
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.BinaryExpr:
		if e.Op != token.ADD {
			return "", false
		}
		read[e] = true
		left, isLeft := constantText(e.X, read)
		right, isRight := constantText(e.Y, read)
		if !isLeft {
			left = "…"
		}
		if !isRight {
			right = "…"
		}
		return left + right, isLeft || isRight
	}
	return "", false
}

// manyRows reads db.Insert and db.Update literals.
func manyRows(r *Repository, file *File, literal *ast.CompositeLit) []statement {
	selector, ok := literal.Type.(*ast.SelectorExpr)
	if !ok || (selector.Sel.Name != "Insert" && selector.Sel.Name != "Update") {
		return nil
	}
	if pkg, ok := selector.X.(*ast.Ident); !ok || pkg.Name != "db" {
		return nil
	}
	s := statement{file: file, line: r.Line(literal.Pos())}
	var parts []string
	for _, element := range literal.Elts {
		pair, ok := element.(*ast.KeyValueExpr)
		if !ok {
			continue
		}
		text, ok := constantText(pair.Value, map[ast.Node]bool{})
		if !ok {
			continue
		}
		if key, ok := pair.Key.(*ast.Ident); ok && key.Name == "Table" {
			s.table = text
			continue
		}
		parts = append(parts, strip(text))
	}
	s.text = strings.Join(parts, "\n")
	return []statement{s}
}
