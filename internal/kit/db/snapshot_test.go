package db_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
)

// pair writes two rows in one transaction: a snapshot holds both or none.
func pair(ctx context.Context, d *db.DB) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		tx.Emit(db.Event{Kind: "test.a", Aggregate: "a", Version: 1, Payload: 1})
		tx.Emit(db.Event{Kind: "test.b", Aggregate: "b", Version: 1, Payload: 1})
		return nil
	})
}

func TestSnapshotBesideWriter(t *testing.T) {
	d, w := dbtest.SQLite(t)
	if err := pair(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var writers sync.WaitGroup
	writers.Go(func() {
		for ctx.Err() == nil {
			if err := pair(ctx, d); err != nil && ctx.Err() == nil {
				t.Error(err)
			}
		}
	})
	reader, err := db.Open(t.Context(), db.Options{URL: w.URL, Clock: w.Clock, IDs: w.IDs, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if !reader.InUse() {
		t.Error("a writer has the database open")
	}
	copied := filepath.Join(t.TempDir(), "copy.db")
	err = errors.Join(reader.Snapshot(t.Context(), copied), reader.Close())
	stop()
	writers.Wait()
	if err != nil {
		t.Fatal(err)
	}
	c, err := db.Open(t.Context(), db.Options{URL: "sqlite:" + copied, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	if c.InUse() {
		t.Error("nobody writes the copy")
	}
	count := func(kind string) int64 {
		n, err := db.One(t.Context(), c, db.Scalar[int64], `SELECT count(*) FROM kit_event WHERE kind = $1`, kind)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if a, b := count("test.a"), count("test.b"); a != b || a == 0 {
		t.Errorf("%d and %d of a pair", a, b)
	}
}

func TestSnapshotIsForSQLite(t *testing.T) {
	d, _ := dbtest.Postgres(t)
	if err := d.Snapshot(t.Context(), filepath.Join(t.TempDir(), "x")); !errors.Is(err, db.ErrNoSnapshot) {
		t.Error(err)
	}
}

// A closed database is one file: whoever copies it by hand must not lose what stood in the log.
func TestCloseFoldsTheLog(t *testing.T) {
	_, w := dbtest.SQLite(t)
	template := strings.TrimPrefix(w.URL, "sqlite:")
	raw, err := os.ReadFile(template)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.db")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(t.Context(), db.Options{URL: "sqlite:" + path})
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range []db.Querier{d} { // a reader that stays in the pool
		if _, err := db.One(t.Context(), q, db.Scalar[int64], `SELECT count(*) FROM kit_event`); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(pair(t.Context(), d), d.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path + "-wal"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the log is left: %v", err)
	}
}

func TestNewDatabaseIsPrivate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new.db")
	d, err := db.Open(t.Context(), db.Options{URL: "sqlite:" + path})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	if err := pair(t.Context(), d); err == nil {
		t.Fatal("no tables are there yet")
	}
	for _, end := range []string{"", "-wal"} {
		info, err := os.Stat(path + end)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", end, info, err)
		}
	}
}
