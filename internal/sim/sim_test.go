package sim_test

import (
	"context"
	"maps"
	"os"
	"runtime/debug"
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
	// everyPostgres: of the seeds of CI each tenth lives on PostgreSQL, and of those beyond each two hundredth lives there
	// a second time.
	everyPostgres       = 10
	everyPostgresBeyond = 200
)

// TestMain lets garbage gather: worlds are small and soon gone.
func TestMain(m *testing.M) {
	debug.SetGCPercent(sim.GarbagePercent)
	m.Run()
}

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

// visits counts what all histories of a test met.
type visits struct {
	mu  sync.Mutex
	met map[string]int
}

func (v *visits) add(r sim.Result) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for what, times := range r.Visited {
		v.met[what] += times
	}
}

func TestSeeds(t *testing.T) {
	words, met, count := bundle(t), &visits{met: map[string]int{}}, seeds(t)
	// The group ends when all seeds have, several of which live at once: each is a goroutine and a database of its own.
	t.Run("seed", func(t *testing.T) { liveAll(t, words, min(count, seedsInCI), met) })
	if count > seedsInCI {
		t.Run("beyond", func(t *testing.T) { liveBeyond(t, words, count, met) })
	}
	if t.Failed() {
		return
	}
	missing := sim.Unvisited(met.met)
	switch {
	case len(missing) == 0:
	case count < seedsInCI:
		t.Logf("%d seeds are too few to meet everything, which is asked of %d and more; not met: %v", count, seedsInCI,
			missing)
	default:
		t.Errorf("never visited in %d seeds: %v", count, missing)
	}
}

// liveAll lives through the first seeds as a server would: with readers beside the writer, each tenth on PostgreSQL.
func liveAll(t *testing.T, words *i18n.Bundle, count int, met *visits) {
	t.Helper()
	for n := range count {
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
			met.add(result)
		})
	}
}

// liveBeyond lives through further seeds in the cheap way of the command, some of them on PostgreSQL as well.
func liveBeyond(t *testing.T, words *i18n.Bundle, count int, met *visits) {
	t.Helper()
	again := map[uint64]string{}
	err := sim.Live(t.Context(), sim.Series{From: seedsInCI + 1, Seeds: count - seedsInCI, Steps: stepsEach,
		Words: words, Told: func(r sim.Result, err error) {
			if err != nil {
				t.Error(err)
			}
			met.add(r)
			if r.Seed%everyPostgresBeyond == 0 {
				again[r.Seed] = r.Hash
			}
		}})
	if err != nil {
		t.Fatal(err)
	}
	for seed, hash := range again {
		there, err := live(t, seed, words, dbtest.Postgres)
		if err != nil || there.Hash != hash {
			t.Errorf("seed %d: %s, on PostgreSQL %s: %v", seed, hash, there.Hash, err)
		}
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

func TestManyAtOnceAreTheSameHistories(t *testing.T) {
	words := bundle(t)
	const first, count = 5, 4
	want := map[uint64]string{}
	for n := range uint64(count) {
		r, err := live(t, first+n, words, dbtest.SQLite)
		if err != nil {
			t.Fatal(err)
		}
		want[r.Seed] = r.Hash
	}
	for _, jobs := range []int{1, 3} {
		got := map[uint64]string{}
		err := sim.Live(t.Context(), sim.Series{From: first, Seeds: count, Steps: stepsEach, Jobs: jobs, Words: words,
			Told: func(r sim.Result, err error) {
				if err != nil {
					t.Error(err)
				}
				got[r.Seed] = r.Hash
			}})
		if err != nil || !maps.Equal(got, want) {
			t.Errorf("%d at once: %v instead of %v: %v", jobs, got, want, err)
		}
	}
}
