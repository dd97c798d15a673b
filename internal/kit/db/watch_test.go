package db_test

import (
	"context"
	"errors"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
)

func TestWatchTellsWhatMayHaveChanged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		ctx := context.Background()
		watch := d.Watch("kit_answer")
		last, known := watch.Mark()
		if known != (d.Engine() == db.SQLite) {
			t.Fatalf("known %v on %s", known, d.Engine())
		}
		insert := db.Insert{Table: "kit_answer", Columns: []string{"actor", "step", "key", "hash", "answer", "at"}}
		update := db.Update{Table: "kit_answer", Columns: []db.Column{{Name: "key", Type: "text"}}, Set: "answer = 'b'",
			Where: "kit_answer.key = v.key", Returning: "kit_answer.key"}
		for _, c := range []struct {
			name  string
			moves bool
			write func(tx *db.Tx) error
		}{
			{"another table", false, func(tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, `UPDATE kit_feed SET seq = seq WHERE name = 'events'`)
				return err
			}},
			{"a look", false, func(tx *db.Tx) error {
				_, err := db.One(ctx, tx, db.Scalar[int64], `SELECT count(*) FROM kit_answer`)
				return err
			}},
			{"rows", true, func(tx *db.Tx) error {
				_, err := db.InsertMany(ctx, tx, insert, [][]any{{"a", "s", "k", "h", "x", int64(1)}})
				return err
			}},
			{"changes of many", true, func(tx *db.Tx) error {
				_, err := db.UpdateMany(ctx, tx, update, [][]any{{"k"}})
				return err
			}},
			{"a change that answers", true, func(tx *db.Tx) error {
				_, err := db.One(ctx, tx, db.Scalar[string], `UPDATE kit_answer SET answer = 'c' RETURNING key`)
				return err
			}},
			{"a deletion", true, func(tx *db.Tx) error {
				_, err := db.Exec(ctx, tx, `DELETE FROM kit_answer WHERE key = $1`, "k")
				return err
			}},
		} {
			if err := d.Write(ctx, c.write); err != nil {
				t.Fatal(err)
			}
			if mark, _ := watch.Mark(); (mark != last) != (c.moves && known) {
				t.Errorf("%s: mark %d after %d", c.name, mark, last)
			} else {
				last = mark
			}
		}
		undone := errors.New("undone")
		err := d.Write(ctx, func(tx *db.Tx) error {
			_, _ = db.Exec(ctx, tx, `DELETE FROM kit_answer WHERE key = $1`, "k")
			return undone
		})
		if mark, _ := watch.Mark(); mark != last || !errors.Is(err, undone) {
			t.Errorf("undone: mark %d after %d: %v", mark, last, err)
		}
	})
}
