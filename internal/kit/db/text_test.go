package db_test

import (
	"errors"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
)

// named is a text under a name of its own, as ids are.
type named string

func TestBothEnginesRefuseTextThatOneWouldNotKeep(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		const insert = `INSERT INTO kit_cursor (name, seq, at) VALUES ($1, $2, 0)`
		for _, bad := range []any{"a\x00b", "\xff", "가\xea", named("\x00")} {
			_, err := db.One(t.Context(), d, db.Scalar[int64], `SELECT seq FROM kit_cursor WHERE name = $1`, bad)
			if !errors.Is(err, db.ErrText) {
				t.Errorf("looked for %q: %v", bad, err)
			}
			err = d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := db.Exec(t.Context(), tx, insert, bad, 1)
				return err
			})
			if !errors.Is(err, db.ErrText) {
				t.Errorf("kept %q: %v", bad, err)
			}
			err = d.Read(t.Context(), func(r *db.ReadTx) error {
				_, err := db.All(t.Context(), r, db.Scalar[int64], `SELECT seq FROM kit_cursor WHERE name = $1`, bad)
				return err
			})
			if !errors.Is(err, db.ErrText) {
				t.Errorf("read %q: %v", bad, err)
			}
		}
		for i, good := range []any{"두레 🍜\u202e\r\n", named("두레"), ""} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := db.Exec(t.Context(), tx, insert, good, int64(i))
				return err
			})
			if err != nil {
				t.Errorf("%q: %v", good, err)
			}
		}
	})
}
