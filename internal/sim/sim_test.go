package sim_test

import (
	"context"
	"os"
	"strconv"
	"sync"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/sim"
	"github.com/dure-commerce/dure/internal/web/ui/locale"
)

const (
	seedsInCI = 200
	stepsEach = 200
	// everyPostgres: each tenth seed lives on PostgreSQL.
	everyPostgres = 10
)

func seeds(t *testing.T) int {
	t.Helper()
	text := os.Getenv("DURE_SIM_SEEDS")
	if text == "" {
		return seedsInCI
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("DURE_SIM_SEEDS=%q", text)
	}
	return n
}

type opener func(testing.TB) (*db.DB, *dbtest.World)

func live(t *testing.T, seed uint64, words *i18n.Bundle, open opener) (sim.Result, error) {
	t.Helper()
	d, w := open(t)
	return sim.Run(context.Background(), sim.Options{Seed: seed, Steps: stepsEach, DB: d, Clock: w.Clock, Words: words})
}

func bundle(t *testing.T) *i18n.Bundle {
	t.Helper()
	words, err := i18n.New(locale.Files)
	if err != nil {
		t.Fatal(err)
	}
	return words
}

func TestSeeds(t *testing.T) {
	visited, words := map[string]int{}, bundle(t)
	var mu sync.Mutex
	// The group ends when all seeds have, several of which live at once: each is a goroutine and a database of its own.
	t.Run("seed", func(t *testing.T) {
		liveAll(t, words, func(what string, times int) {
			mu.Lock()
			defer mu.Unlock()
			visited[what] += times
		})
	})
	if t.Failed() {
		return
	}
	if missing := sim.Unvisited(visited); len(missing) > 0 {
		t.Errorf("never visited: %v", missing)
	}
}

func liveAll(t *testing.T, words *i18n.Bundle, visit func(what string, times int)) {
	t.Helper()
	for n := range seeds(t) {
		seed := uint64(n + 1)
		open := opener(dbtest.SQLite)
		if seed%everyPostgres == 0 {
			open = dbtest.Postgres
		}
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			result, err := live(t, seed, words, open)
			if err != nil {
				t.Fatal(err)
			}
			for what, times := range result.Visited {
				visit(what, times)
			}
		})
	}
}

func TestSameSeedSameHistory(t *testing.T) {
	words := bundle(t)
	for _, seed := range []uint64{3, 11} {
		a, err := live(t, seed, words, dbtest.SQLite)
		if err != nil {
			t.Fatal(err)
		}
		b, err := live(t, seed, words, dbtest.SQLite)
		if err != nil {
			t.Fatal(err)
		}
		c, err := live(t, seed, words, dbtest.Postgres)
		if err != nil {
			t.Fatal(err)
		}
		if a.Hash != b.Hash || a.Hash != c.Hash {
			t.Errorf("seed %d: %s, %s, on PostgreSQL %s", seed, a.Hash, b.Hash, c.Hash)
		}
	}
}
