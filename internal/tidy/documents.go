package tidy

import (
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"strings"
)

var (
	markdownLink = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	folderInText = regexp.MustCompile("(?:^|[\\s`(])((?:internal|cmd|docs|tools)/[A-Za-z0-9_./-]*[A-Za-z0-9_-])")
	codeFence    = regexp.MustCompile("(?s)```.*?```")
	heading      = regexp.MustCompile(`(?m)^#+\s+(.+)$`)
)

// Documents checks that links lead somewhere and that the map of the repository names only what exists.
func Documents(r *Repository) []Finding {
	var found []Finding
	for _, file := range r.Files {
		if path.Ext(file.Path) != ".md" || strings.Contains(file.Path, "testdata/") {
			continue
		}
		for number, line := range strings.Split(blank(file.Text), "\n") {
			for _, link := range markdownLink.FindAllStringSubmatch(line, -1) {
				if why := broken(r, file, link[1]); why != "" {
					found = append(found, Finding{file.Path, number + 1, "link " + link[1] + " " + why})
				}
			}
		}
	}
	return append(found, mapOfRepository(r)...)
}

// blank empties code blocks without moving lines.
func blank(text string) string {
	return codeFence.ReplaceAllStringFunc(text, func(block string) string {
		return strings.Repeat("\n", strings.Count(block, "\n"))
	})
}

func broken(r *Repository, file *File, link string) string {
	if strings.Contains(link, "://") || strings.HasPrefix(link, "mailto:") {
		return ""
	}
	target, anchor, _ := strings.Cut(link, "#")
	name := file.Path
	if target != "" {
		name = path.Join(file.Folder(), target)
	}
	if !r.Exists(name) {
		return "leads nowhere"
	}
	if page := r.File(name); anchor != "" && page != nil && !hasAnchor(page, anchor) {
		return "names a heading that is not there"
	}
	return ""
}

func hasAnchor(page *File, anchor string) bool {
	for _, title := range heading.FindAllStringSubmatch(page.Text, -1) {
		if slug(title[1]) == anchor {
			return true
		}
	}
	return false
}

// slug turns a heading into its anchor, as forges do.
func slug(title string) string {
	var b strings.Builder
	for _, letter := range strings.ToLower(strings.TrimSpace(title)) {
		switch {
		case letter == ' ':
			b.WriteByte('-')
		case letter == '-' || letter == '_' || letter >= '0' && letter <= '9' || letter >= 'a' && letter <= 'z':
			b.WriteRune(letter)
		case letter > 127:
			b.WriteRune(letter)
		}
	}
	return b.String()
}

// mapOfRepository checks every folder that ARCHITECTURE.md and README.md name.
func mapOfRepository(r *Repository) []Finding {
	var found []Finding
	for _, name := range []string{"ARCHITECTURE.md", "docs/ARCHITECTURE.md", "README.md", "CONTRIBUTING.md"} {
		file := r.File(name)
		if file == nil {
			continue
		}
		for number, line := range strings.Split(file.Text, "\n") {
			for _, hit := range folderInText.FindAllStringSubmatch(line, -1) {
				if !r.Exists(strings.TrimSuffix(hit[1], "/")) {
					found = append(found, Finding{name, number + 1, "names " + hit[1] + ", which does not exist"})
				}
			}
		}
	}
	return found
}

const invariantsFile = "docs/invariants.md"

var (
	invariantRow   = regexp.MustCompile(`(?m)^\| (\d+) \|`)
	invariantCited = regexp.MustCompile(`^(?:I-)?(\d+) `)
)

// Invariants checks that every assertion begins with the number of an invariant that is written down.
func Invariants(r *Repository) []Finding {
	listed := map[string]bool{}
	if file := r.File(invariantsFile); file != nil {
		for _, row := range invariantRow.FindAllStringSubmatch(file.Text, -1) {
			listed[row[1]] = true
		}
	}
	var found []Finding
	for _, file := range r.HandWritten() {
		ast.Inspect(file.Syntax, func(node ast.Node) bool {
			call, ok := node.(*ast.CallExpr)
			if !ok || len(call.Args) < 2 || under(file.Path, "internal/kit/assert") {
				return true
			}
			if name, receiver := calledName(call); name != "That" || receiver != "assert" {
				return true
			}
			text, _ := constantText(call.Args[1], map[ast.Node]bool{})
			cited := invariantCited.FindStringSubmatch(text)
			if cited == nil || !listed[cited[1]] {
				found = append(found, Finding{file.Path, r.Line(call.Pos()), fmt.Sprintf(
					"assertion %q: begin with the number of an invariant in %s", text, invariantsFile)})
			}
			return true
		})
	}
	return found
}

// machineHint matches what ties a file to one machine: home and work folders, and settings of package registries.
var machineHint = regexp.MustCompile(`(^|[\s"'=(:])/(work|home/\w+|root|Users/\w+|tmp/\w+)/[\w.]|` +
	`\b(GOPROXY|GONOSUMDB|GOSUMDB|npm_config_registry|PIP_INDEX_URL)\s*=|"resolved":\s*"http`)

// Machines checks that no file names a folder of one machine or where packages come from.
func Machines(r *Repository) []Finding {
	var found []Finding
	for _, file := range r.Files {
		if under(file.Path, "internal/tidy") {
			continue // its tests plant such hints
		}
		for number, line := range strings.Split(file.Text, "\n") {
			if len(line) > 2000 {
				continue // a minified library
			}
			if hit := machineHint.FindString(line); hit != "" {
				found = append(found, Finding{file.Path, number + 1,
					"names a place of one machine: " + strings.TrimSpace(hit)})
			}
		}
	}
	return found
}
