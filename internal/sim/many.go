package sim

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/lite"
	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/schema"
)

// GarbagePercent is how far garbage may gather in a process that does nothing but simulate, as debug.SetGCPercent takes
// it: what lives is small, and a tenth of the time goes into looking for what does not.
const GarbagePercent = 400

// Series says which histories to live through, several at once, each over a SQLite file of its own that one connection
// reads and writes: nobody else looks, and nothing of it is kept.
type Series struct {
	From  uint64
	Seeds int
	Steps int
	Jobs  int          // at once, 0 for three every two processors
	Words *i18n.Bundle // shared by all
	// Told hears of each history, in the order of their ends and never two at once.
	Told func(r Result, err error)
}

// start is a Wednesday, 10:00 in Seoul: inside a deal's week and far from any boundary.
func start() time.Time { return time.Date(2026, time.March, 4, 1, 0, 0, 0, time.UTC) }

// memory is where files cost no disk, on Linux.
const memory = "/dev/shm"

// Live lives through a series. Its error is about the series, not about a history.
func Live(ctx context.Context, s Series) (err error) {
	parent := ""
	if info, statErr := os.Stat(memory); statErr == nil && info.IsDir() {
		parent = memory
	}
	folder, err := os.MkdirTemp(parent, "dure-sim-")
	if err != nil {
		return fmt.Errorf("folder for simulations: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	template := filepath.Join(folder, "template.db")
	if err := makeTemplate(ctx, template); err != nil {
		return err
	}
	jobs := s.Jobs
	if jobs <= 0 {
		jobs = runtime.NumCPU() * 3 / 2 // a history waits for its files now and then
	}
	seeds := make(chan uint64)
	var mu sync.Mutex
	var all sync.WaitGroup
	for range jobs {
		all.Go(func() {
			for seed := range seeds {
				r, err := s.one(ctx, seed, template)
				mu.Lock()
				s.Told(r, err)
				mu.Unlock()
			}
		})
	}
	for n := range s.Seeds {
		select {
		case seeds <- s.From + uint64(n):
		case <-ctx.Done():
		}
	}
	close(seeds)
	all.Wait()
	return ctx.Err()
}

func makeTemplate(ctx context.Context, path string) error {
	now := clock.NewFake(start())
	d, err := db.Open(ctx, db.Options{URL: "sqlite:" + path, Clock: now, IDs: id.Seeded(now, 1), Alone: true})
	if err != nil {
		return err
	}
	_, err = schema.Migrate(ctx, d)
	return errors.Join(err, d.Close()) // which folds its log
}

// one lives through the history of a seed over a copy of the template.
func (s Series) one(ctx context.Context, seed uint64, template string) (r Result, err error) {
	path := fmt.Sprintf("%s-%d", template, seed)
	defer func() {
		for _, end := range []string{"", "-wal", "-shm", ".lock"} {
			_ = os.Remove(path + end) // whatever stays goes with the folder
		}
	}()
	if err := lite.Copy(path, template); err != nil {
		return Result{Seed: seed}, err
	}
	now := clock.NewFake(start())
	d, err := db.Open(ctx, db.Options{URL: "sqlite:" + path, Clock: now, IDs: id.Seeded(now, 1), Alone: true})
	if err != nil {
		return Result{Seed: seed}, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return Run(ctx, Options{Seed: seed, Steps: s.Steps, DB: d, Clock: now, Words: s.Words})
}
