package bench_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/bench"
	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/kit/db"
)

// TestMain lets this test program play the server process too, as the product's own program does.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == stage.PartWord {
		if err := bench.Part(context.Background(), os.Args[2:], os.Stdin, os.Stdout); err != nil {
			_, _ = fmt.Fprintln(os.Stderr, err)
		}
		return
	}
	m.Run() // its result becomes the program's exit code when TestMain returns
}

// quick runs a bench for a moment: what it measures means nothing then, but what it leaves behind must be whole.
func quick(t *testing.T, name string, engine db.Engine) *bench.Report {
	t.Helper()
	report, err := bench.Run(t.Context(), name, bench.Options{Engine: engine, For: 300 * time.Millisecond,
		Warm: 100 * time.Millisecond, Connections: 16, Rows: []int{200, 400}, Quick: true,
		Say: func(text string) { t.Log(text) }})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Invariants) == 0 {
		t.Error("no invariant was looked at")
	}
	for name, n := range report.Invariants {
		if n != 0 {
			t.Errorf("%s: %d", name, n)
		}
	}
	for _, run := range report.Runs {
		if run.Rate <= 0 {
			t.Errorf("run %q did nothing", run.Name)
		}
		for what, n := range run.Errors {
			t.Errorf("run %q: %d times %s", run.Name, n, what)
		}
	}
	return report
}

func TestEveryBenchLeavesAWholeDatabaseOnSQLite(t *testing.T) {
	for _, b := range bench.All() {
		if b.Only == db.Postgres {
			continue
		}
		t.Run(b.Name, func(t *testing.T) { quick(t, b.Name, db.SQLite) })
	}
}

func TestTheHotBenchesLeaveAWholeDatabaseOnPostgreSQL(t *testing.T) {
	for _, name := range []string{"hot-deal", "redeem", "nodes"} {
		t.Run(name, func(t *testing.T) { quick(t, name, db.Postgres) })
	}
}
