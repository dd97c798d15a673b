package schema_test

import (
	"errors"
	"testing"
	"testing/fstest"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/node"
	"github.com/dure-commerce/dure/internal/schema"
)

// later is a program that knows more migrations, each with its notes.
func later(notes map[string]string) schema.Book {
	files := fstest.MapFS{}
	for folder, text := range notes {
		files[folder+"/up.sql"] = &fstest.MapFile{Data: []byte("CREATE TABLE later_" + folder[:4] +
			" (\n  id text PRIMARY KEY\n);\n")}
		files[folder+"/notes.md"] = &fstest.MapFile{Data: []byte(text)}
	}
	return schema.Book{Extra: files}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestEveryShippedMigrationHasAPhase(t *testing.T) {
	list, err := schema.List()
	must(t, err)
	for _, m := range list {
		if _, _, err := (schema.Book{}).PhaseOf(m); err != nil {
			t.Error(err)
		}
	}
}

func TestNotesThatContradictThemselves(t *testing.T) {
	for _, notes := range []string{"phase: shrink", "phase: contract", "phase: expand\nneeds: 0100",
		"phase: contract\nneeds: 9001", "phase: contract\nneeds: 9002"} {
		_, _, err := later(map[string]string{"9001_x": notes}).PhaseOf(schema.Migration{Version: 9001, Name: "9001_x"})
		if err == nil {
			t.Errorf("%q is taken", notes)
		}
	}
}

// A program runs on a database that a newer one expanded, and not on one that took something away from it; the newer
// program runs on neither before its migrations.
func TestWhoRunsOnWhat(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		ctx := t.Context()
		old := schema.Book{}
		must(t, old.Check(ctx, d))
		expanded := later(map[string]string{"9001_x": "phase: expand"})
		if err := expanded.Check(ctx, d); !errors.Is(err, schema.ErrOlder) {
			t.Fatal("a program runs without its tables:", err)
		}
		if applied, err := expanded.Migrate(ctx, d); err != nil || len(applied) != 1 {
			t.Fatal(applied, err)
		}
		must(t, expanded.Check(ctx, d))
		must(t, old.Check(ctx, d))
		if applied, err := old.Migrate(ctx, d); err != nil || len(applied) != 0 {
			t.Fatal(applied, err)
		}
		contracted := later(map[string]string{"9001_x": "", "9002_y": "phase: contract\nneeds: 9001"})
		if applied, err := contracted.Migrate(ctx, d); err != nil || len(applied) != 1 {
			t.Fatal(applied, err)
		}
		must(t, contracted.Check(ctx, d))
		must(t, expanded.Check(ctx, d))
		if err := old.Check(ctx, d); !errors.Is(err, schema.ErrNewer) {
			t.Fatal("an old program runs on what was taken from it:", err)
		}
	})
}

// What another tool migrated says nothing about itself: nobody runs on it.
func TestMigrationsWithoutPhaseAreRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
		book := later(map[string]string{"9001_x": ""})
		_, err := book.Migrate(t.Context(), d)
		must(t, err)
		must(t, d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := db.Exec(t.Context(), tx, `DELETE FROM kit_phase WHERE version = 9001`)
			return err
		}))
		if err := (schema.Book{}).Check(t.Context(), d); !errors.Is(err, schema.ErrNewer) {
			t.Fatal(err)
		}
	})
}

// Nothing is taken away from a program that still runs.
func TestContractionWaitsForOldNodes(t *testing.T) {
	d, w := dbtest.Postgres(t)
	ctx := t.Context()
	seen := func(name string, version int64, ago time.Duration) {
		must(t, d.Write(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, `INSERT INTO kit_node (name, address, version, started_at, seen_at)
				VALUES ($1, '', $2, 0, $3)`, name, version, db.Micros(w.Clock.Now().Add(-ago)))
			return err
		}))
	}
	seen("dead", 9000, node.AliveFor)
	seen("new", 9001, 0)
	seen("old", 9000, node.AliveFor-time.Second)
	expanded, contracted := map[string]string{"9001_x": ""}, map[string]string{"9001_x": "",
		"9002_y": "phase: contract\nneeds: 9001"}
	if _, err := later(expanded).Migrate(ctx, d); err != nil {
		t.Fatal("an expansion waits for nobody:", err)
	}
	_, err := later(contracted).Migrate(ctx, d)
	if !errors.Is(err, schema.ErrNodes) {
		t.Fatal("contracted under a running program:", err)
	}
	w.Clock.Advance(time.Second)
	if applied, err := later(contracted).Migrate(ctx, d); err != nil || len(applied) != 1 {
		t.Fatal(applied, err)
	}
}
