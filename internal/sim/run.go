package sim

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/market/deal"
)

// action is one thing that can happen, with its weight among all.
type action struct {
	name   string
	weight int
	do     func(w *world) error
}

func actions() []action {
	return []action{
		{"draft", 6, (*world).draft}, {"submit", 6, (*world).submit}, {"review", 8, (*world).review},
		{"place", 34, (*world).place}, {"pay", 40, (*world).pay}, {"again", 4, (*world).placeAgain},
		{"leave", 3, (*world).leave}, {"refund", 4, (*world).refund}, {"redeem", 34, (*world).redeem},
		{"undo", 8, (*world).undo}, {"outlive", 1, (*world).outlive}, {"hoard", 2, (*world).hoard},
		{"answer", 25, (*world).answer}, {"cancel", 1, (*world).cancelDeal},
		{"time", 16, (*world).time}, {"work", 30, (*world).work}, {"gateway", 16, (*world).stepGateway},
		{"trouble", 5, (*world).trouble}, {"crash", 3, (*world).crash},
	}
}

// Run lives through one history. The error names the invariant or the answer that was wrong, with the last steps.
func Run(ctx context.Context, o Options) (Result, error) {
	w, err := newWorld(ctx, o)
	if err != nil {
		return Result{Seed: o.Seed}, err
	}
	defer w.close()
	if err := w.prologue(); err != nil {
		return w.result(), w.blame("prologue", err)
	}
	for w.step = 1; w.step <= o.Steps; w.step++ {
		a := w.choose()
		if err := a.do(w); err != nil {
			return w.result(), w.blame(a.name, err)
		}
		if !w.acted() {
			continue // nothing was written, and what held holds
		}
		if err := w.check(); err != nil {
			return w.result(), w.blame(a.name, err)
		}
	}
	if err := w.rest(); err != nil {
		return w.result(), w.blame("rest", err)
	}
	return w.result(), w.collect()
}

// prologue puts a few deals on sale, so that a history of two hundred steps has something to tell.
func (w *world) prologue() error {
	for range 3 {
		if err := w.draft(); err != nil {
			return err
		}
	}
	for _, step := range []func() error{w.submit, w.submit, w.submit, w.review, w.review, w.review} {
		if err := step(); err != nil {
			return err
		}
	}
	if w.village != nil {
		if err := w.village.Begin(); err != nil {
			return err
		}
	}
	w.Clock.Set(deal.NextMonday(w.Clock.Now()).Add(time.Minute))
	return w.core.RunAll(w.ctx)
}

func (w *world) choose() action {
	sum := 0
	for _, a := range w.all {
		sum += a.weight
	}
	n := w.below(sum)
	for _, a := range w.all {
		if n < a.weight {
			return a
		}
		n -= a.weight
	}
	return w.all[0]
}

func (w *world) blame(what string, err error) error {
	return fmt.Errorf("seed %d, step %d (%s): %w\n%s", w.Seed, w.step, what, err, strings.Join(w.last, "\n"))
}

// At rest a day goes by at once, for as long as the longest course takes: a sale of a week, extended by another, its
// refunds and its statements. Wishes take longer: they gather for four weeks, and a dispute about the last parcel may
// take sixty days.
const (
	restStep    = 24 * time.Hour
	restTime    = 22 * restStep
	villageTime = 170 * restStep
)

func (w *world) restMax() time.Duration {
	if w.village != nil {
		return villageTime
	}
	return restTime
}

// rest stops the faults and lets everything come to an end: after that nothing may be pending.
func (w *world) rest() error {
	w.gateway.dieBefore, w.gateway.dieAfter = false, false
	w.calm()
	for passed := time.Duration(0); passed < w.restMax(); {
		step := restStep
		if len(w.deals(deal.Asking)) > 0 {
			step /= 2 // half of the time a merchant has to answer
		}
		if w.over() { // nothing more happens; the days of the book are made up for in one go
			if step = restTime - passed; step <= 0 {
				break
			}
		}
		w.Clock.Advance(step)
		passed += step
		if err := w.settleAll(); err != nil {
			return err
		}
		if err := w.answer(); err != nil {
			return err
		}
	}
	if err := w.capitalize(); err != nil {
		return err
	}
	if err := w.nameAccounts(); err != nil {
		return err
	}
	for range 3 {
		w.Clock.Advance(24 * time.Hour)
		if err := w.settleAll(); err != nil {
			return err
		}
	}
	if err := w.check(); err != nil {
		return err
	}
	return w.checkRest()
}

// settleAll runs the gateway's and our own background work until both are quiet.
func (w *world) settleAll() error {
	for round := range 50 {
		worked, err := w.box.RunOnce(w.ctx)
		if err != nil {
			return err
		}
		if round > 0 && !worked {
			return nil // ours was quiet when the gateway had its turn, and it had nothing for us
		}
		if err := w.quiet(); err != nil {
			return err
		}
	}
	return nil
}

// quiet runs the background workers in turn until all of them, one after the other, found nothing to do. A worker stays
// at its work while it finds any, as a server's do; in one history of eight each does a piece and passes the turn on.
func (w *world) quiet() error {
	workers, pieces := w.core.Workers(), turnsMax
	if w.Seed%8 == 0 {
		pieces = 1
	}
	for turn, idle := 0, 0; idle < len(workers); turn++ {
		worker := workers[turn%len(workers)]
		worked, err := stay(w.ctx, worker, pieces)
		if err != nil {
			return fmt.Errorf("worker %s: %w", worker.Name, err)
		}
		idle++
		if worked {
			idle = 0
		}
		if turn >= turnsMax {
			return errEndless
		}
	}
	return nil
}

// stay runs a worker for so many pieces of work, or until it finds none, and tells whether it found any.
func stay(ctx context.Context, worker queue.Worker, pieces int) (bool, error) {
	for done := range pieces {
		if worked, err := worker.RunOnce(ctx); err != nil || !worked {
			return done > 0, err
		}
	}
	return true, nil
}

// turnsMax is far beyond what a history takes.
const turnsMax = 100_000

var errEndless = errors.New("background work does not end")
