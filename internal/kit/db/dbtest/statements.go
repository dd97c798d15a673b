package dbtest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
)

var (
	castPattern  = regexp.MustCompile(`CAST\((\$\d+) AS \w+\)`)
	tuplePattern = regexp.MustCompile(`(VALUES \([^()]*\))(, \([^()]*\))+`)
	listPattern  = regexp.MustCompile(`IN \((\$\d+)(?:, ?\$\d+)+\)`)
	paramPattern = regexp.MustCompile(`\$\d+`)
)

// engineOnly begins the few texts that have a twin for the other engine, as the question to a full-text index has.
const engineOnly = "/* sqlite only */"

// statements remembers which texts ran on which engine.
type statements struct {
	mu    sync.Mutex
	heard map[db.Engine]map[string]string // engine → normal form → text as it ran
	raw   map[string]bool                 // engine and text, to look at each only once
}

// hear remembers a text, and tells its normal form when it is a new one.
func (s *statements) hear(engine db.Engine, text string) (form string, isNew bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.heard == nil {
		s.heard = map[db.Engine]map[string]string{db.SQLite: {}, db.Postgres: {}}
		s.raw = map[string]bool{}
	}
	if s.raw[string(engine)+text] {
		return "", false
	}
	s.raw[string(engine)+text] = true
	form = normal(text)
	_, known := s.heard[engine][form]
	s.heard[engine][form] = text
	return form, !known
}

// normal takes away what kit/db itself writes differently for the two engines: casts of parameters, the ending of a
// claim, and how many rows or ids a statement happens to have.
func normal(text string) string {
	text = strings.TrimSuffix(text, " FOR UPDATE SKIP LOCKED")
	text = castPattern.ReplaceAllString(text, "$1")
	text = tuplePattern.ReplaceAllString(text, "$1")
	return renumbered(listPattern.ReplaceAllString(text, "IN ($1)"))
}

// renumbered counts the parameters anew in the order in which they appear, so that a shortened text can be prepared.
func renumbered(text string) string {
	numbers := map[string]string{}
	return paramPattern.ReplaceAllStringFunc(text, func(old string) string {
		if numbers[old] == "" {
			numbers[old] = "$" + strconv.Itoa(len(numbers)+1)
		}
		return numbers[old]
	})
}

// onlySQLite returns the texts that PostgreSQL never saw, sorted.
func (s *statements) onlySQLite() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var alone []string
	for form, text := range s.heard[db.SQLite] {
		if strings.HasPrefix(text, engineOnly) {
			continue
		}
		if _, ok := s.heard[db.Postgres][form]; !ok {
			alone = append(alone, text)
		}
	}
	slices.Sort(alone)
	return alone
}

func (s *statements) report(t testing.TB) {
	t.Helper()
	for _, text := range s.onlySQLite() {
		t.Errorf("this statement ran on SQLite and never on PostgreSQL:\n%s", text)
	}
}
