package redeem

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/lane"
)

// Many is Do for many scans at once, in the caller's goroutine and in their order: for demonstrations, simulations and
// for a counter that was without a line.
func (r *Redeem) Many(ctx context.Context, cmds []Cmd) []lane.Answer[Redeemed] {
	answers := make([]lane.Answer[Redeemed], len(cmds))
	var good []Cmd
	var at []int
	for i, cmd := range cmds {
		read, err := r.prepare(cmd)
		if answers[i].Err = err; err == nil {
			good, at = append(good, read), append(at, i)
		}
	}
	for i, a := range r.step.Run(ctx, good) {
		answers[at[i]] = a
	}
	return answers
}
