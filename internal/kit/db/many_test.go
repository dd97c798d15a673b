package db_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
)

var jobs = db.Insert{Table: "kit_job", Columns: []string{"id", "kind", "key", "payload", "due_at", "created_at",
	"state", "finished_at"}, OnConflict: "ON CONFLICT (kind, key) DO NOTHING"}

func readJobs(t *testing.T, q db.Querier, ids ...string) string {
	t.Helper()
	list, err := db.ByIDs(t.Context(), q, func(r db.Row) (string, error) {
		var id, key, payload string
		var due int64
		var finished *int64
		err := r.Scan(&id, &key, &payload, &due, &finished)
		text := "-"
		if finished != nil {
			text = fmt.Sprint(*finished)
		}
		return fmt.Sprintf("%s %s %s %d %s", id, key, payload, due, text), err
	}, `SELECT id, key, payload, due_at, finished_at FROM kit_job WHERE id IN {ids} ORDER BY id`, ids)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(list)
}

// One row, several, several with and without NULL, and rows that no array holds: all are written alike by both engines.
func TestManyRowsAreWrittenAlikeHoweverTheyAreBound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		for name, c := range map[string]struct {
			rows  [][]any
			wrote int64
			want  string
		}{
			"one": {[][]any{{"j1", "one", "a", "{}", int64(1), int64(2), "ready", nil}}, 1, "[j1 a {} 1 -]"},
			"several": {[][]any{{"j1", "several", "a", "가", 1, 2, "ready", int64(5)},
				{"j2", "several", "b", "", 3, 4, "done", 6}},
				2, "[j1 a 가 1 5 j2 b  3 6]"},
			"some null": {[][]any{{"j1", "null", "a", "", int64(1), 2, "ready", nil}, {"j2", "null", "b", "", 3, 4, "done", 6}},
				2, "[j1 a  1 - j2 b  3 6]"},
			"all null": {[][]any{{"j1", "all", "a", "", 1, 2, "ready", nil}, {"j2", "all", "b", "", 3, 4, "done", nil}},
				2, "[j1 a  1 - j2 b  3 -]"},
			"a conflict": {[][]any{{"j1", "twice", "a", "", 1, 2, "ready", nil}, {"j2", "twice", "a", "", 3, 4, "done", nil}},
				1, "[j1 a  1 -]"},
			"no array": {[][]any{{"j1", "none", named("a"), "", 1, 2, "ready", nil}, {"j2", "none", "b", "", 3, 4, "done", nil}},
				2, "[j1 a  1 - j2 b  3 -]"},
		} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				n, err := db.InsertMany(t.Context(), tx, jobs, c.rows)
				if err != nil || n != c.wrote {
					t.Errorf("%s: %d rows written, %v; want %d", name, n, err, c.wrote)
				}
				if got := readJobs(t, tx, "j1", "j2", "j3"); got != c.want {
					t.Errorf("%s: %s; want %s", name, got, c.want)
				}
				return errors.Join(err, errUndo)
			})
			if !errors.Is(err, errUndo) {
				t.Error(name, err)
			}
		}
	})
}

var errUndo = errors.New("undo")

func TestManyRowsAreChangedUnderTheirGuard(t *testing.T) {
	end := db.Update{Table: "kit_job", Columns: []db.Column{{Name: "id", Type: "text"}, {Name: "was", Type: "text"},
		{Name: "finished_at", Type: "bigint"}}, Set: "state = 'done', finished_at = v.finished_at",
		Where: "kit_job.id = v.id AND kit_job.state = v.was", Returning: "kit_job.id"}
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			var rows [][]any
			for i := range 5 {
				rows = append(rows, []any{fmt.Sprint("j", i), "k", fmt.Sprint("k", i), "", i, 0, "ready", nil})
			}
			if _, err := db.InsertMany(t.Context(), tx, jobs, rows); err != nil {
				return err
			}
			for _, c := range []struct {
				rows [][]any
				want int
			}{
				{[][]any{{"j0", "ready", nil}, {"j1", "ready", nil}}, 2},
				{[][]any{{"j0", "ready", 7}, {"j2", "ready", nil}, {"j9", "ready", 7}}, 1},
				{[][]any{{"j3", "ready", 8}, {"j4", "ready", int64(9)}}, 2},
				{[][]any{{"j3", "ready", 8}}, 0},
			} {
				if keys, err := db.UpdateMany(t.Context(), tx, end, c.rows); err != nil || len(keys) != c.want {
					t.Errorf("%v: %v, %v", c.rows, keys, err)
				}
			}
			const want = "[j0 k0  0 - j1 k1  1 - j2 k2  2 - j3 k3  3 8 j4 k4  4 9]"
			if got := readJobs(t, tx, "j0", "j1", "j2", "j3", "j4"); got != want {
				t.Error(got)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
