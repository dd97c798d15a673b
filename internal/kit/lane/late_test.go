package lane_test

import (
	"context"
	"errors"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/lane"
)

// TestWhatFailsLateFailsAlone: what a step leaves for the end of the transaction may refuse one command, too. It has
// written nothing then, and the others have their answers.
func TestWhatFailsLateFailsAlone(t *testing.T) {
	errBad := errors.New("the last row is refused")
	for name, later := range map[string]func(*db.Tx, func(context.Context) error){
		"late": (*db.Tx).Late, "last": (*db.Tx).Last,
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB, _ *dbtest.World) {
				begin(t, d, "a")
				lanes := lane.New(d, lane.Options{Direct: true})
				t.Cleanup(lanes.Close)
				plain := adder(1_000)
				step := lane.Register(lanes, "add", func(
					ctx context.Context, tx *db.Tx, cmds []add,
				) ([]lane.Answer[int64], error) {
					for _, c := range cmds {
						if c.n == 7 {
							later(tx, func(context.Context) error { return errBad })
						}
					}
					return plain(ctx, tx, cmds)
				})
				var cmds []add
				for n := range int64(20) {
					cmds = append(cmds, add{"a", n})
				}
				for n, a := range step.Run(t.Context(), cmds) {
					if bad := n == 7; errors.Is(a.Err, errBad) != bad || !bad && a.Err != nil {
						t.Errorf("command %d: %v", n, a.Err)
					}
				}
				if got := total(t, d, "a"); got != 190-7 {
					t.Errorf("%d", got)
				}
			})
		})
	}
}
