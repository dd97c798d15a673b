package report_test

import (
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market/report"
)

// TestTheNewestUsesAreFoundByTheirIndex: uses that statements hold are not walked past, and nothing is sorted.
func TestTheNewestUsesAreFoundByTheirIndex(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		explain := "/* sqlite only */ EXPLAIN QUERY PLAN "
		if d.Engine() == db.Postgres {
			explain = "EXPLAIN (COSTS OFF) "
		}
		lines, err := db.All(t.Context(), d, func(r db.Row) (string, error) {
			var a, b, c, line string
			if d.Engine() == db.Postgres {
				err := r.Scan(&line)
				return line, err
			}
			err := r.Scan(&a, &b, &c, &line)
			return line, err
		}, explain+report.UnstatedText, "mer_1", int64(8))
		if err != nil {
			t.Fatal(err)
		}
		plan := strings.Join(lines, "\n")
		if !strings.Contains(plan, "redemption_unstated") || strings.Contains(plan, "ORDER BY") ||
			strings.Contains(plan, "Sort") {
			t.Errorf("%s", plan)
		}
	})
}
