package db_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/schema"
)

func TestAloneCommitsWhatWasKeptAndNothingElse(t *testing.T) {
	_, w := dbtest.SQLite(t)
	url := "sqlite:" + filepath.Join(t.TempDir(), "alone.db")
	d, err := db.Open(t.Context(), db.Options{URL: url, Clock: w.Clock, IDs: w.IDs, Alone: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := schema.Migrate(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if err := pair(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	refused := errors.New("refused")
	err = d.Write(t.Context(), func(tx *db.Tx) error {
		if _, err := db.Exec(t.Context(), tx, `DELETE FROM kit_event`); err != nil {
			return err
		}
		if n := events(t, d); n != 0 {
			t.Errorf("a read inside sees %d events", n)
		}
		return refused
	})
	if !errors.Is(err, refused) {
		t.Fatal(err)
	}
	err = d.Read(t.Context(), func(r *db.ReadTx) error {
		if n := events(t, r); n != 2 {
			t.Errorf("%d events after the refusal", n)
		}
		return nil
	})
	if err := errors.Join(err, pair(t.Context(), d), d.Close()); err != nil {
		t.Fatal(err)
	}
	after, err := db.Open(t.Context(), db.Options{URL: url, Clock: w.Clock, IDs: w.IDs})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = after.Close() }()
	if n := events(t, after); n != 4 {
		t.Errorf("%d events in the file", n)
	}
}

func events(t *testing.T, q db.Querier) int64 {
	t.Helper()
	n, err := db.One(context.Background(), q, db.Scalar[int64], `SELECT count(*) FROM kit_event`)
	if err != nil {
		t.Fatal(err)
	}
	return n
}
