package fault_test

import (
	"context"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/test/fault/load"
)

func TestMain(m *testing.M) {
	if status, is := load.Program(breakDisk); is {
		os.Exit(status)
	}
	m.Run() // its result becomes the process's exit code when TestMain returns
}

// many is a number that CI keeps small and an environment variable makes large.
func many(t *testing.T, name string, inCI int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return inCI
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s=%q", name, text)
	}
	return n
}

// found builds a world on SQLite in a folder that goes with the test.
func found(t *testing.T, plan stage.Plan) *stage.World {
	t.Helper()
	g, err := stage.Open(t.Context(), db.SQLite, "")
	must(t, err)
	t.Cleanup(func() { must(t, g.Close()) })
	w, err := g.Found(t.Context(), plan)
	must(t, err)
	return w
}

// plain is a world in which so many people can buy one each of four deals.
func plain(buyers int) stage.Plan {
	n := int64(buyers)
	return stage.Plan{Buyers: buyers, Shops: 2, Deals: []stage.Deal{{Capacity: n, PerPerson: 2},
		{Capacity: n, PerPerson: 2}, {Capacity: n, PerPerson: 2}, {Capacity: n, PerPerson: 2}}}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// look opens a database beside its server, or after its death.
func look(t *testing.T, url string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), db.Options{URL: url, ReadOnly: true})
	must(t, err)
	t.Cleanup(func() { must(t, d.Close()) })
	return d
}

// sound fails on everything that is lost, doubled or found by doctor.
func sound(t *testing.T, d *db.DB, promised []*load.Purchase) {
	t.Helper()
	wrong, err := load.Verify(t.Context(), d, promised)
	must(t, err)
	for _, what := range wrong {
		t.Error(what)
	}
}

// dice are numbers that follow from a seed.
func dice(seed uint64) func(below int) int {
	ids := id.Seeded(clock.System(), seed)
	return func(below int) int {
		b := ids.Bytes(4)
		return int((uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])) % uint32(below))
	}
}

// during buys until d has passed or the server has gone.
func during(t *testing.T, c *load.Client, callers int, d time.Duration, gone <-chan struct{}) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), d)
	defer stop()
	go func() {
		defer stop()
		select {
		case <-gone:
		case <-ctx.Done():
		}
	}()
	c.Buy(ctx, callers, c.World.Buyers())
}
