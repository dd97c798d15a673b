package tidy

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// sqlBan is a spelling that the two engines do not share.
type sqlBan struct {
	pattern *regexp.Regexp
	instead string
}

func sqlBans() []sqlBan {
	return []sqlBan{
		{regexp.MustCompile(`/\*`), "a statement needs no comment; only the search seam marks its own words"},
		{regexp.MustCompile(`(?i)\bnow\s*\(|\bCURRENT_(TIMESTAMP|DATE|TIME)\b`), "bind tx.Now() as microseconds"},
		{regexp.MustCompile(`::`), "write CAST(… AS …)"},
		{regexp.MustCompile(`(?i)\bILIKE\b|\bSIMILAR TO\b|\sREGEXP\s|\sGLOB\s`),
			"the engines match differently: compare folded keys with LIKE, or use the search seam"},
		{regexp.MustCompile(`(?i)\bDISTINCT\s+ON\b`), "use a window function"},
		{regexp.MustCompile(`(?i)\b(greatest|least)\s*\(`), "write CASE WHEN"},
		{regexp.MustCompile(`->`), "json is text that SQL never looks into"},
		{regexp.MustCompile(`(?i)\bFOR\s+(UPDATE|SHARE|NO\s+KEY)\b|\bSKIP\s+LOCKED\b`),
			"use a guarded UPDATE, or tx.Claim() for work to pick up"},
		{regexp.MustCompile(`(?i)(SELECT|RETURNING|,)\s+(\w+\.)?\*`), "list the columns, in a constant beside the scan"},
		{regexp.MustCompile(`(?is)\bAS\s+(NOT\s+MATERIALIZED\s+|MATERIALIZED\s+)?\(\s*(INSERT|UPDATE|DELETE)\b`),
			"a CTE holds no INSERT, UPDATE or DELETE; use db.UpdateMany"},
		{regexp.MustCompile(`(?is)^\s*WITH\b.*(\bUPDATE\s+\w+\s+SET\b|\bINSERT\s+INTO\b|\bDELETE\s+FROM\b)`),
			"a write has no CTE; use db.InsertMany or db.UpdateMany"},
		{regexp.MustCompile(`\?`), "placeholders are $1, $2, …"},
		{regexp.MustCompile(`(?i)\b(json|jsonb|array|string)_\w+\s*\(|\bgroup_concat\s*\(|\bunnest\s*\(`),
			"fold in Go"},
		{regexp.MustCompile(`(?i)\b(random|gen_random_uuid|generate_series|nextval)\s*\(`),
			"ids and chance come from kit/id"},
		{regexp.MustCompile(`(?i)\b(date_trunc|to_char|strftime|datetime|julianday|extract)\s*\(|\bINTERVAL\b`),
			"dates are reckoned in Go; reports group by the text column day"},
		{regexp.MustCompile(`(?i)\bLATERAL\b|\bANY\s*\(|\bROWID\b|\bctid\b|\bREPLACE\s+INTO\b|\bINSERT\s+OR\b`),
			"only one engine knows it"},
	}
}

var extremum = regexp.MustCompile(`(?i)\b(max|min)\s*\(`)

// seams speak to each engine in its own words: kit/db for all others, kit/search because full-text search has no
// shared words. Tidy itself plants mistakes in its tests.
func seams() []string { return []string{"internal/kit/db", "internal/kit/search", "internal/tidy"} }

// Subset checks that SQL stays inside what both engines understand alike (see CONTRIBUTING.md).
func Subset(r *Repository) []Finding {
	var found []Finding
	files := slices.DeleteFunc(r.HandWritten(), func(f *File) bool { return underAny(f.Path, seams()) })
	for _, s := range statements(r, files) {
		found = append(found, subsetOf(s)...)
	}
	return found
}

func subsetOf(s statement) []Finding {
	var found []Finding
	say := func(format string, arguments ...any) {
		found = append(found, Finding{s.file.Path, s.line, fmt.Sprintf(format, arguments...)})
	}
	for _, ban := range sqlBans() {
		if hit := ban.pattern.FindString(s.text); hit != "" {
			say("SQL %q is not in the shared subset: %s", squeeze(hit), ban.instead)
		}
	}
	if hit := scalarExtremum(s.text); hit != "" {
		say("SQL %q is not in the shared subset: write CASE WHEN", hit)
	}
	if first := strings.Fields(s.text); len(first) > 0 && s.table == "" && first[0] != strings.ToUpper(first[0]) {
		say("SQL keywords are written in capitals: %s", strings.ToUpper(first[0]))
	}
	return found
}

// squeeze shortens a hit that spans many words.
func squeeze(hit string) string {
	words := strings.Fields(hit)
	if len(words) > 4 {
		words = append(words[:2], append([]string{"…"}, words[len(words)-2:]...)...)
	}
	return strings.Join(words, " ")
}

// scalarExtremum finds max or min of several values, which is greatest or least elsewhere.
func scalarExtremum(text string) string {
	for _, at := range extremum.FindAllStringIndex(text, -1) {
		depth := 1
		for i := at[1]; i < len(text) && depth > 0; i++ {
			switch text[i] {
			case '(':
				depth++
			case ')':
				depth--
			case ',':
				if depth == 1 {
					return text[at[0]:at[1]] + "…, …)"
				}
			}
		}
	}
	return ""
}
