package dbtest

import (
	"slices"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
)

func TestStatementsThatOnlySQLiteSawAreFound(t *testing.T) {
	rows := []struct {
		name       string
		lite, post string
		alone      bool
	}{
		{"same text", "SELECT a FROM b", "SELECT a FROM b", false},
		{"other text", "SELECT a FROM b WHERE c = $1", "SELECT a FROM b", true},
		{"casts", "WITH v(a) AS (VALUES (CAST($1 AS INTEGER)))", "WITH v(a) AS (VALUES (CAST($1 AS bigint)))", false},
		{"bytes", "WITH v(a) AS (VALUES ($1))", "WITH v(a) AS (VALUES (CAST($1 AS bytea)))", false},
		{"claim", "SELECT a FROM b", "SELECT a FROM b FOR UPDATE SKIP LOCKED", false},
		{"ids", "SELECT a FROM b WHERE c IN ($1, $2,$3) AND d > $4 OR e = $4",
			"SELECT a FROM b WHERE c IN ($1, $2) AND d > $3 OR e = $3", false},
		{"one id", "SELECT a FROM b WHERE c IN ($1, $2)", "SELECT a FROM b WHERE c IN ($1)", false},
		{"other list", "SELECT a FROM b WHERE c IN ($1, $2)", "SELECT a FROM b WHERE c IN (1, 2)", true},
		{"rows", "INSERT INTO a (b) VALUES ($1)", "INSERT INTO a (b) VALUES ($1), ($2), ($3)", false},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			var s statements
			s.hear(db.SQLite, row.lite)
			s.hear(db.Postgres, row.post)
			want := []string(nil)
			if row.alone {
				want = []string{row.lite}
			}
			if got := s.onlySQLite(); !slices.Equal(got, want) {
				t.Errorf("only on SQLite: %q; want %q", got, want)
			}
		})
	}
}

func TestEachGivesEmptyDatabasesOfTheirOwn(t *testing.T) {
	for range 2 {
		Each(t, func(t *testing.T, d *db.DB, w *World) {
			if got := string(d.Engine()); !strings.Contains(t.Name(), "/"+got) {
				t.Errorf("engine %s in %s", got, t.Name())
			}
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				tx.Emit(db.Event{Kind: "test.happened", Aggregate: "tst_1", Version: 1})
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			n, err := db.One(t.Context(), d, db.Scalar[int64], "SELECT count(*) FROM kit_event")
			if err != nil || n != 1 {
				t.Errorf("%d events, error %v; want the one written here", n, err)
			}
			if now := d.Clock().Now(); !now.Equal(w.Clock.Now()) {
				t.Errorf("the database's clock says %v, the world's %v", now, w.Clock.Now())
			}
		})
	}
}

func TestClusterRecoversWhatWasCommitted(t *testing.T) {
	c := Cluster(t, ClusterOptions{Durable: true, Migrated: true})
	d, _ := open(t, c.URL, nil)
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		tx.Emit(db.Event{Kind: "test.happened", Aggregate: "tst_1", Version: 1})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	c.Kill()
	c.Start()
	again, _ := open(t, c.URL, nil)
	n, err := db.One(t.Context(), again, db.Scalar[int64], "SELECT count(*) FROM kit_event")
	if err != nil || n != 1 {
		t.Errorf("%d events, error %v; want the one committed before the crash", n, err)
	}
}
