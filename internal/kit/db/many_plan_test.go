package db

import (
	"context"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestALargeBatchFindsItsRowsByKey: no statement of a batch walks the table, whatever its guard and however many rows.
func TestALargeBatchFindsItsRowsByKey(t *testing.T) {
	ctx := context.Background()
	var texts []string
	d, err := Open(ctx, Options{URL: "sqlite:" + filepath.Join(t.TempDir(), "a.db"), Trace: func(_ Engine, text string) {
		if strings.HasPrefix(text, "WITH v(") {
			texts = append(texts, text)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	err = d.Write(ctx, func(tx *Tx) error {
		_, err := Exec(ctx, tx, `CREATE TABLE thing (id text PRIMARY KEY, state text NOT NULL, version INTEGER NOT NULL,
 seq INTEGER) STRICT`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, guard := range []string{"", " AND thing.state = v.was", " AND thing.state = 'ready'", " AND thing.seq IS NULL",
		" AND thing.version = v.version AND thing.state = 'ready' AND thing.seq IS NULL",
		" AND thing.state = v.was AND thing.version = v.version", " AND (v.version = 0 OR thing.version = v.version)"} {
		up := Update{Table: "thing", Columns: []Column{{"id", "text"}, {"was", "text"}, {"version", "bigint"}},
			Set: "version = thing.version + 1", Where: "thing.id = v.id" + guard, Returning: "thing.id"}
		for _, rows := range []int{1, 7, 63, 64, 120, 128, 184, 250, 1000} {
			err := d.Write(ctx, func(tx *Tx) error {
				many := make([][]any, rows)
				for i := range many {
					many[i] = []any{strconv.Itoa(i), "ready", 0}
				}
				texts = nil
				if _, err := UpdateMany(ctx, tx, up, many); err != nil {
					return err
				}
				for _, text := range texts {
					plan, err := All(ctx, tx, func(r Row) (string, error) {
						var id, parent, unused int64
						var what string
						return what, r.Scan(&id, &parent, &unused, &what)
					}, "EXPLAIN QUERY PLAN "+text, make([]any, strings.Count(text, "$"))...)
					if err != nil {
						return err
					}
					if joined := strings.Join(plan, "; "); !strings.Contains(joined, "SEARCH thing") {
						t.Errorf("%d rows, guard %q: %s", rows, guard, joined)
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}
