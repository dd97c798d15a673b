package dbtest

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

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

// report fails for what ran on SQLite alone and PostgreSQL does not even prepare. That a text did not run there too is
// no fault: which of several goroutines comes first, and therefore what it has to ask, is chance.
func (s *statements) report(t testing.TB) {
	t.Helper()
	alone := s.onlySQLite()
	if len(alone) == 0 {
		return
	}
	for _, refusal := range prepare(t, alone) {
		t.Errorf("this statement ran on SQLite and never on PostgreSQL, which does not prepare it: %v", refusal)
	}
}

// prepare lets PostgreSQL read statements against the real schema, and returns what it refused. A table, a column, a
// function or a type that it does not know is refused, though nothing is run.
func prepare(t testing.TB, texts []string) (refusals []error) {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, postgresURL(t))
	if err != nil {
		t.Fatalf("connect to the test server: %v", err)
	}
	defer func() { _ = conn.Close(ctx) }()
	for _, text := range texts {
		if _, err := conn.Prepare(ctx, "", text); err != nil {
			refusals = append(refusals, fmt.Errorf("%w\n%s", err, text))
		}
	}
	return refusals
}
