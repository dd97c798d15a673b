package app

import (
	"log/slog"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
)

// SteadyClock is the clock of a server: it follows the machine's, and not its jumps, of which the log hears. Machine is
// another clock than the machine's, for tests; nil takes that one.
func SteadyClock(log *slog.Logger, machine func() time.Time) clock.Clock {
	alarm := func(apart time.Duration, jumped bool) {
		if jumped {
			log.Error("the machine's clock jumped and is not followed; set it right, or restart if it is right now",
				"apart", apart)
			return
		}
		log.Warn("the machine's clock is right again", "apart", apart)
	}
	if machine != nil {
		return clock.SteadyOver(machine, alarm)
	}
	return clock.NewSteady(alarm)
}
