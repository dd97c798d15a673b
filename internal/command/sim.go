package command

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/sim"
	"github.com/dure-commerce/dure/internal/web/ui/locale"
)

// simCommand lives through histories of the whole system.
type simCommand struct {
	Seeds int    `help:"${sim_seeds_help}" default:"20"`
	From  uint64 `help:"${sim_from_help}" default:"1"`
	Steps int    `help:"${sim_steps_help}" default:"200"`
	Jobs  int    `help:"${sim_jobs_help}" default:"0"`
}

// Run prints each seed with the hash of its trace, and of a history that went wrong its last steps; it ends with status
// 1 when one did.
func (c *simCommand) Run(ctx context.Context, io streams) error {
	words, err := i18n.New(locale.Files)
	if err != nil {
		return err
	}
	defer debug.SetGCPercent(debug.SetGCPercent(sim.GarbagePercent))
	count, failed := 0, 0
	err = sim.Live(ctx, sim.Series{From: c.From, Seeds: c.Seeds, Steps: c.Steps, Jobs: c.Jobs, Words: words,
		Told: func(r sim.Result, fault error) {
			count++
			if fault != nil {
				failed++
				_, _ = fmt.Fprintln(io.out, io.words.T("operate.sim.failed", "Seed", r.Seed, "Hash", r.Hash, "Fault", fault))
				return
			}
			_, _ = fmt.Fprintln(io.out, io.words.T("operate.sim.lived", "Seed", r.Seed, "Hash", r.Hash))
		}})
	_, _ = fmt.Fprintln(io.out, io.words.T("operate.sim.done", "Count", count, "Failed", failed))
	if err == nil && failed > 0 {
		return errEnded
	}
	return err
}
