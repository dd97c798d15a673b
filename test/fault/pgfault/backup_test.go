package pgfault_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/pgserver"
)

// TestBackupUnderLoad (F07): people buy and redeem while PostgreSQL's own tool copies the database, as the operator's
// page says. Elsewhere the copy has everything that had been acknowledged when it began, once, and doctor finds
// nothing. Of a copy that has one table from a little later doctor says that it is unsound; and it lacks what was
// acknowledged after it began.
func TestBackupUnderLoad(t *testing.T) {
	t.Parallel()
	c := newCluster(t, options{nodes: 2})
	w := c.callers("f07", 6, 10*time.Second)
	await(t, waitMax, "people buy", func() bool { return w.acked() > 60 })
	told, file := w.snapshot(), filepath.Join(t.TempDir(), "dure.dump")
	programmed(t, "pg_dump", "--format=custom", "--file="+file, c.place.URL)
	before := w.acked()
	await(t, waitMax, "people buy on", func() bool { return w.acked() > before+10 })
	later, late := filepath.Join(t.TempDir(), "orders.dump"), w.snapshot()
	programmed(t, "pg_dump", "--format=custom", "--data-only", "--table=orders", "--file="+later, c.place.URL)
	w.end()

	place := empty(t)
	programmed(t, "pg_restore", "--clean", "--if-exists", "--dbname="+place.URL, file)
	there := &cluster{t: t, world: c.world, place: place}
	if lost := missing(t, there.open(t), told); lost > 0 {
		t.Errorf("%d acknowledged commands are not in the copy", lost)
	}
	newCluster(t, options{nodes: 1, place: place}).sound(told)

	torn := &cluster{t: t, world: c.world, place: empty(t)}
	programmed(t, "pg_restore", "--clean", "--if-exists", "--dbname="+torn.place.URL, file)
	d := torn.open(t)
	must(t, d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := db.Exec(t.Context(), tx, `DELETE FROM orders`)
		return err
	}))
	programmed(t, "pg_restore", "--data-only", "--dbname="+torn.place.URL, later)
	said, lost := findings(t, d), missing(t, d, late)
	t.Logf("of a copy that is torn doctor says %d things; it lacks %d acknowledged commands", len(said), lost)
	if len(said) == 0 || lost == 0 {
		t.Errorf("a torn copy: doctor says %d things, %d acknowledged commands are missing: this test finds nothing",
			len(said), lost)
	}
}

// empty is another database, with the world's key.
func empty(t *testing.T) stage.Place {
	t.Helper()
	g, err := grounds()
	must(t, err)
	g.mu.Lock()
	defer g.mu.Unlock()
	place, err := g.New(t.Context())
	must(t, err)
	t.Cleanup(func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		must(t, g.Drop(context.Background(), place))
	})
	key, err := os.ReadFile(g.world.Place.Config().KeyPath())
	must(t, err)
	must(t, os.WriteFile(place.Config().KeyPath(), key, 0o600))
	return place
}

// programmed runs a program of PostgreSQL's.
func programmed(t *testing.T, name string, args ...string) {
	t.Helper()
	programs, err := pgserver.Find()
	must(t, err)
	if out, err := exec.CommandContext(t.Context(), filepath.Join(programs, name), args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}
