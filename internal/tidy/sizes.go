package tidy

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Caps on sizes; what is larger is hard to hold in one head.
const (
	functionLinesMax = 70
	fileLinesMax     = 500
	testLinesMax     = 800
	lineLengthMax    = 120 // characters
	packageLinesMax  = 2000
	rootLinesMax     = 700 // package market: vocabulary only
	parametersMax    = 5
)

// oversize is something larger than its cap. Its name is what a ratchet calls it.
type oversize struct {
	finding Finding
	name    string
	size    int
}

// Sizes checks functions, files, lines, packages and parameters against their caps and ratchets.
func Sizes(r *Repository) []Finding {
	var over []oversize
	over = append(over, functionSizes(r)...)
	over = append(over, fileSizes(r)...)
	over = append(over, packageSizes(r)...)
	ratchets, found := readRatchets(r)
	return append(found, hold(over, ratchets)...)
}

func functionSizes(r *Repository) []oversize {
	var over []oversize
	for _, file := range r.HandWritten() {
		for _, declaration := range file.Syntax.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok {
				continue
			}
			name := file.Path + ":" + function.Name.Name
			at := r.Line(function.Pos())
			if lines := r.Line(function.End()) - at + 1; lines > functionLinesMax {
				over = append(over, oversize{Finding{file.Path, at, fmt.Sprintf("function %s has %d lines, at most %d: "+
					"pull a step out of it", function.Name.Name, lines, functionLinesMax)}, "function " + name, lines})
			}
			if count := function.Type.Params.NumFields(); count > parametersMax {
				over = append(over, oversize{Finding{file.Path, at, fmt.Sprintf("function %s takes %d parameters, at most %d: "+
					"take a struct", function.Name.Name, count, parametersMax)}, "parameters " + name, count})
			}
		}
	}
	return over
}

func fileSizes(r *Repository) []oversize {
	var over []oversize
	for _, file := range r.Files {
		if file.Generated() || !slices.Contains([]string{".go", ".templ", ".sql"}, path.Ext(file.Path)) {
			continue
		}
		limit := fileLinesMax
		if file.Test() {
			limit = testLinesMax
		}
		if lines := file.Lines(); lines > limit && path.Ext(file.Path) == ".go" {
			over = append(over, oversize{Finding{file.Path, 0,
				fmt.Sprintf("file has %d lines, at most %d: split it by verb", lines, limit)}, "file " + file.Path, lines})
		}
		for number, line := range strings.Split(file.Text, "\n") {
			if length := utf8.RuneCountInString(line); length > lineLengthMax && path.Ext(file.Path) != ".templ" {
				name := "line " + file.Path + ":" + strconv.Itoa(number+1)
				over = append(over, oversize{Finding{file.Path, number + 1,
					fmt.Sprintf("line has %d characters, at most %d", length, lineLengthMax)}, name, length})
			}
		}
	}
	return over
}

func packageSizes(r *Repository) []oversize {
	lines := map[string]int{}
	for _, file := range r.HandWritten() {
		if !file.Test() {
			lines[file.Folder()] += file.Lines()
		}
	}
	var over []oversize
	for folder, sum := range lines {
		limit, remedy := packageLinesMax, "split it by noun or journey"
		if folder == "internal/market" {
			limit, remedy = rootLinesMax, "it holds vocabulary only: ids, Actor, events"
		}
		if sum > limit {
			over = append(over, oversize{Finding{folder, 0,
				fmt.Sprintf("package has %d lines, at most %d: %s", sum, limit, remedy)}, "package " + folder, sum})
		}
	}
	return over
}

const ratchetFile = "internal/tidy/ratchets.txt"

// readRatchets reads "<kind> <name> <size>" lines: what is larger than its cap for now, and may only shrink.
func readRatchets(r *Repository) (map[string]int, []Finding) {
	ratchets := map[string]int{}
	var found []Finding
	file := r.File(ratchetFile)
	if file == nil {
		return ratchets, nil
	}
	for number, line := range strings.Split(file.Text, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		at := strings.LastIndex(line, " ")
		size, err := strconv.Atoi(line[at+1:])
		if at < 0 || err != nil {
			found = append(found, Finding{ratchetFile, number + 1, "a ratchet is a name and a size: " + line})
			continue
		}
		ratchets[line[:at]] = size
	}
	return ratchets, found
}

// hold compares what is too large with what is allowed to be so for now. A ratchet that has slack is moved down.
func hold(over []oversize, ratchets map[string]int) []Finding {
	var found []Finding
	seen := map[string]bool{}
	for _, o := range over {
		seen[o.name] = true
		limit, listed := ratchets[o.name]
		switch {
		case !listed || o.size > limit:
			found = append(found, o.finding)
		case o.size < limit:
			found = append(found, Finding{ratchetFile, 0, fmt.Sprintf("%s is down to %d: lower its ratchet", o.name, o.size)})
		}
	}
	for name := range ratchets {
		if !seen[name] {
			found = append(found, Finding{ratchetFile, 0, name + " is within its cap: remove its ratchet"})
		}
	}
	return found
}
