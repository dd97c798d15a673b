package dbtest

import (
	"context"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/id"
)

// World is what a test controls besides the database: the time and the ids, both repeatable.
type World struct {
	Clock *clock.Fake
	IDs   id.Source
	URL   string // opens the same database once more, as another node would
	trace func(db.Engine, string)
}

// Open opens the test's database in place of another, with the clock and the ids of that one, and hears its statements:
// give it to what opens a database of its own. On SQLite the test's own must be closed before.
func (w *World) Open(ctx context.Context, options db.Options) (*db.DB, error) {
	options.URL, options.Relaxed, options.Trace = w.URL, true, w.trace
	return db.Open(ctx, options)
}

// start is a Wednesday, 10:00 in Seoul: inside a deal's week, on a business day, far from any boundary.
func start() time.Time { return time.Date(2026, time.March, 4, 1, 0, 0, 0, time.UTC) }

// Each runs body as the subtests "sqlite" and "postgres", each with an empty migrated database of its own, and fails
// when a statement ran on SQLite alone and PostgreSQL does not prepare it: such a text is not in the shared subset.
func Each(t *testing.T, body func(t *testing.T, d *db.DB, w *World)) {
	t.Helper()
	texts := &statements{}
	lite := t.Run("sqlite", func(t *testing.T) {
		d, w := open(t, sqliteURL(t), texts)
		body(t, d, w)
	})
	big := t.Run("postgres", func(t *testing.T) {
		d, w := open(t, postgresURL(t), texts)
		body(t, d, w)
	})
	if lite && big {
		texts.report(t)
	}
}

// SQLite gives an empty migrated SQLite database. Store tests use Each instead; this is for what has one engine only.
func SQLite(t testing.TB) (*db.DB, *World) {
	t.Helper()
	return open(t, sqliteURL(t), nil)
}

// Postgres gives an empty migrated PostgreSQL database. Store tests use Each instead.
func Postgres(t testing.TB) (*db.DB, *World) {
	t.Helper()
	return open(t, postgresURL(t), nil)
}

func open(t testing.TB, url string, texts *statements) (*db.DB, *World) {
	t.Helper()
	now := clock.NewFake(start())
	w := &World{Clock: now, IDs: id.Seeded(now, 1), URL: url, trace: listener(texts)}
	d, err := w.Open(context.Background(), db.Options{Clock: w.Clock, IDs: w.IDs})
	if err != nil {
		t.Fatalf("open test database: %v", err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close test database: %v", err)
		}
	})
	return d, w
}
