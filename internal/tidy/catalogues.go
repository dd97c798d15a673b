package tidy

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"slices"
	"strings"
)

var (
	keyShape    = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$`)
	placeholder = regexp.MustCompile(`\.([A-Z]\w*)`)
	actionShape = regexp.MustCompile(`\{\{(.*?)\}\}`)
)

// catalogue is one locale file: key → every form of its text, joined.
type catalogue map[string]string

// Catalogues checks that Korean and English say the same things, and that every key the code uses exists.
func Catalogues(r *Repository) []Finding {
	var found []Finding
	korean := map[string]bool{}
	for _, file := range r.Files {
		if path.Ext(file.Path) != ".json" || path.Base(path.Dir(file.Folder())) != "locale" {
			continue
		}
		if strings.Contains(file.Path, "testdata") {
			continue
		}
		texts, err := readCatalogue(file)
		if err != nil {
			found = append(found, Finding{file.Path, 0, err.Error()})
			continue
		}
		if path.Base(file.Folder()) == "ko" {
			for key := range texts {
				korean[key] = true
			}
		}
		found = append(found, comparePair(r, file, texts)...)
	}
	return append(found, usedKeys(r, korean)...)
}

func readCatalogue(file *File) (catalogue, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal([]byte(file.Text), &raw); err != nil {
		return nil, fmt.Errorf("not a catalogue: %w", err)
	}
	texts := catalogue{}
	for key, value := range raw {
		texts[key] = string(value)
	}
	return texts, nil
}

// comparePair compares a file with the same area in the other language.
func comparePair(r *Repository, file *File, texts catalogue) []Finding {
	language := path.Base(file.Folder())
	other := map[string]string{"ko": "en", "en": "ko"}[language]
	twin := r.File(path.Join(path.Dir(file.Folder()), other, path.Base(file.Path)))
	if twin == nil {
		return []Finding{{file.Path, 0, "has no twin in " + other}}
	}
	others, err := readCatalogue(twin)
	if err != nil {
		return nil // said for the twin itself
	}
	var found []Finding
	for key, text := range texts {
		otherText, there := others[key]
		if !there {
			found = append(found, Finding{twin.Path, 0, fmt.Sprintf("key %q of %s is missing", key, language)})
			continue
		}
		if mine, theirs := placeholders(text), placeholders(otherText); language == "ko" && !slices.Equal(mine, theirs) {
			found = append(found, Finding{file.Path, 0,
				fmt.Sprintf("key %q: placeholders %v in ko, %v in en", key, mine, theirs)})
		}
	}
	return found
}

func placeholders(text string) []string {
	var names []string
	for _, action := range actionShape.FindAllStringSubmatch(text, -1) {
		for _, name := range placeholder.FindAllStringSubmatch(action[1], -1) {
			if !slices.Contains(names, name[1]) {
				names = append(names, name[1])
			}
		}
	}
	slices.Sort(names)
	return names
}

// usedKeys checks the keys that stand in code as plain text: codes of errors, and arguments of T, Tr and Render.
func usedKeys(r *Repository, known map[string]bool) []Finding {
	var found []Finding
	for _, file := range r.Go() {
		if file.Test() || testOnly(file.Folder()) || under(file.Path, "internal/tidy") {
			continue
		}
		ast.Inspect(file.Syntax, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok {
				return true
			}
			for _, literal := range keyArguments(file, call) {
				key, ok := constantText(literal, map[ast.Node]bool{})
				if ok && keyShape.MatchString(key) && !known[key] {
					found = append(found, Finding{file.Path, r.Line(literal.Pos()),
						fmt.Sprintf("key %q is in no catalogue", key)})
				}
			}
			return true
		})
	}
	return found
}

// keyArguments gives the arguments of a call that are keys of catalogues.
func keyArguments(file *File, call *ast.CallExpr) []ast.Expr {
	name, receiver := calledName(call)
	switch {
	case receiver == "fail" && name == "New" && len(call.Args) == 2:
		// The sandbox and the tools for operators answer with codes that no page shows.
		if under(file.Path, "internal/sandbox") {
			return nil
		}
		return literals(call.Args[1:])
	case slices.Contains([]string{"T", "Tr", "Render", "Text"}, name):
		return literals(call.Args)
	}
	return nil
}

func calledName(call *ast.CallExpr) (name, receiver string) {
	switch function := call.Fun.(type) {
	case *ast.Ident:
		return function.Name, ""
	case *ast.SelectorExpr:
		if owner, ok := function.X.(*ast.Ident); ok {
			return function.Sel.Name, owner.Name
		}
		return function.Sel.Name, ""
	}
	return "", ""
}

func literals(arguments []ast.Expr) []ast.Expr {
	return slices.DeleteFunc(slices.Clone(arguments), func(e ast.Expr) bool {
		_, ok := e.(*ast.BasicLit)
		return !ok
	})
}
