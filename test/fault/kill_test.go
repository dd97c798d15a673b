package fault_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/test/fault/load"
)

const (
	roundsInCI = 10
	// readyMax is F01's own criterion: the server answers again.
	readyMax = 5 * time.Second
	// tickEvery is the pause between two looks of who waits.
	tickEvery = 10 * time.Millisecond
)

// TestKilled is F01: the server dies of SIGKILL at a random moment, again and again, while people buy and redeem.
func TestKilled(t *testing.T) {
	rounds := many(t, "DURE_FAULT_ROUNDS", roundsInCI)
	w := found(t, plain(600*rounds))
	setup := load.Setup{Place: w.Place, Gateway: load.Gateway(t), Listen: load.FreeAddress(t)}
	c, roll := load.New(w, "http://"+setup.Listen), dice(1)
	d := look(t, w.Place.URL)
	from, slowest := 0, time.Duration(0)
	for round := range rounds {
		server, err := load.Start(t, setup)
		must(t, err)
		slowest = max(slowest, server.Ready)
		lost, err := load.Lost(t.Context(), d, c.Journal.All())
		must(t, err)
		for _, what := range lost {
			t.Errorf("round %d: %s", round, what)
		}
		must(t, c.Recover(gone(t), from))
		from = len(c.Journal.All())
		ctx, stop := context.WithCancel(t.Context())
		var buying sync.WaitGroup
		buying.Go(func() { c.Buy(ctx, 16, 600) })
		pause(t, time.Duration(20+roll(400))*time.Millisecond)
		server.Kill()
		stop()
		buying.Wait()
		if t.Failed() {
			return
		}
	}
	server, err := load.Start(t, setup)
	must(t, err)
	recovered(t, c)
	sound(t, d, c.Journal.All())
	asked, answered := c.Journal.Count()
	t.Logf("%d rounds, %d commands, %d acknowledged in the end, %d silent; ready after %v at most", rounds, asked,
		answered, c.Tally().Silent, max(slowest, server.Ready))
	if c.Tally().Silent == 0 || answered == 0 {
		t.Error("nobody was cut off: this kills an idle server")
	}
	if slowest > readyMax {
		t.Errorf("ready after %v, at most %v", slowest, readyMax)
	}
}

// gone is a context that has ended: nobody waits for what is still being looked up.
func gone(t *testing.T) context.Context {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	return ctx
}

// recovered asks everything again until all of it is answered with success.
func recovered(t *testing.T, c *load.Client) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), load.Looked)
	defer stop()
	must(t, c.Recover(ctx, 0))
	for _, p := range c.Journal.All() {
		if p.Refuse != "" {
			t.Errorf("buyer %d was refused: %s", p.Buyer, p.Refuse)
		}
	}
}

// pause waits for a while that is part of the fault.
func pause(t *testing.T, d time.Duration) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), d)
	defer stop()
	<-ctx.Done()
}
