package gather_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/dure-commerce/dure/internal/kit/gather"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// gate is a read that tells when it begins and waits until it may go on.
type gate struct {
	began chan []string
	goOn  chan error
}

func (g gate) load(_ context.Context, keys []string) (map[string]string, error) {
	g.began <- keys
	if err := <-g.goOn; err != nil {
		return nil, err
	}
	out := map[string]string{}
	for _, k := range keys {
		if k == "panic" {
			panic("told to")
		}
		if k != "missing" {
			out[k] = strings.ToUpper(k)
		}
	}
	return out, nil
}

func newGate() gate { return gate{began: make(chan []string), goOn: make(chan error)} }

func TestWhoComesDuringAReadWaitsForTheNextOne(t *testing.T) {
	g := newGate()
	group := gather.New(g.load)
	var all sync.WaitGroup
	ask := func(key string) {
		all.Go(func() {
			value, found, err := group.Get(t.Context(), key)
			if err != nil || found != (key != "missing") || found && value != strings.ToUpper(key) {
				t.Errorf("%s: %q %v %v", key, value, found, err)
			}
		})
	}
	ask("a")
	if keys := <-g.began; fmt.Sprint(keys) != "[a]" {
		t.Fatal(keys)
	}
	// The same key again: the read under way began before it was asked, and is not for it.
	for _, key := range []string{"a", "b", "b", "missing"} {
		ask(key)
	}
	for group.Waiting() < 4 { // bounded by the test's own time limit
		runtime.Gosched()
	}
	g.goOn <- nil
	served := map[string]bool{}
	for len(served) < 3 {
		for _, k := range <-g.began {
			if served[k] {
				t.Errorf("%s was read twice", k)
			}
			served[k] = true
		}
		g.goOn <- nil
	}
	all.Wait()
}

func TestAFailedReadIsEverybodysAndTheNextOneIsNot(t *testing.T) {
	g := newGate()
	group := gather.New(g.load)
	broken := errors.New("broken")
	ended := make(chan error)
	ask := func(key string) { go func() { _, _, err := group.Get(t.Context(), key); ended <- err }() }
	for _, c := range []struct {
		key  string
		fail error
		want string
	}{{"a", broken, "broken"}, {"panic", nil, "told to"}, {"a", nil, "<nil>"}} {
		ask(c.key)
		<-g.began
		g.goOn <- c.fail
		if err := <-ended; !strings.Contains(fmt.Sprint(err), c.want) {
			t.Errorf("%s: %v; want %s", c.key, err, c.want)
		}
	}
}

func TestACallerWhoLeavesHoldsUpNobody(t *testing.T) {
	g := newGate()
	group := gather.New(g.load)
	first := make(chan error)
	go func() { _, _, err := group.Get(t.Context(), "a"); first <- err }()
	<-g.began
	ctx, leave := context.WithCancel(t.Context())
	leave()
	if _, _, err := group.Get(ctx, "b"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	g.goOn <- nil
	<-g.began // b's, whom nobody waits for
	g.goOn <- nil
	if err := <-first; err != nil {
		t.Error(err)
	}
}
