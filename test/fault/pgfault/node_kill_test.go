package pgfault_test

import (
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/id"
)

// rounds is how often a fault that comes at random comes: a few times in CI, as often as asked for by night.
func rounds(t *testing.T, few int) int {
	t.Helper()
	text := os.Getenv("DURE_FAULT_ROUNDS")
	if text == "" {
		return few
	}
	n, err := strconv.Atoi(text)
	must(t, err)
	return n
}

// dice gives the same chances each time.
type dice struct{ ids id.Source }

func newDice() dice { return dice{ids: id.Seeded(clock.System(), 1)} }

func (d dice) below(n int) int {
	b := d.ids.Bytes(4)
	return int(uint32(b[0])<<24|uint32(b[1])<<16|uint32(b[2])<<8|uint32(b[3])) % n
}

// TestNodesDieAtRandom (F01): three nodes, one of which dies now and then while people buy and redeem.
func TestNodesDieAtRandom(t *testing.T) {
	t.Parallel()
	c := newCluster(t, options{})
	w := c.callers("f01", 12, 5*time.Second)
	chance := newDice()
	var slowest time.Duration
	for range rounds(t, 5) {
		before := w.acked()
		pause(t.Context(), time.Duration(100+chance.below(400))*time.Millisecond)
		n := c.nodes[chance.below(len(c.nodes))]
		n.kill()
		n.start()
		slowest = max(slowest, n.ready(waitMax))
		await(t, waitMax, "somebody buys after a death", func() bool { return w.acked() > before })
	}
	w.end()
	if slowest > 5*time.Second {
		t.Errorf("a node was ready after %v", slowest)
	}
	t.Logf("acknowledged %d paid, %d used; slowest start %v; half within %v; answers: %v", len(w.paid), len(w.used),
		slowest, w.quantile(500), w.errors)
	c.sound(w.journal)
}
