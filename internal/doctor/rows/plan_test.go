package rows_test

import (
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/doctor/rows"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
)

// TestSlicesAreReadInTheOrderOfTheirKey: a slice that is sorted first reads all rows for each slice, which takes an
// hour for a million of them.
func TestSlicesAreReadInTheOrderOfTheirKey(t *testing.T) {
	texts := []string{rows.StatedUses, rows.UseLines, rows.PayoutSums, rows.EntrySlice, rows.Captures}
	for _, table := range rows.Tables() {
		texts = append(texts, table.Keys)
	}
	d, _ := dbtest.SQLite(t)
	for _, text := range texts {
		plan, err := db.All(t.Context(), d, func(r db.Row) (string, error) {
			var id, parent, unused int64
			var what string
			return what, r.Scan(&id, &parent, &unused, &what)
		}, "/* sqlite only */ EXPLAIN QUERY PLAN "+text, "", 1000)
		if err != nil {
			t.Fatal(err)
		}
		if joined := strings.Join(plan, "; "); strings.Contains(joined, "FOR ORDER BY") {
			t.Errorf("%s\n%s", text, joined)
		}
	}
}
