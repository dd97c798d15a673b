package natsbus_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"go.uber.org/goleak"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/live"
	"github.com/dure-commerce/dure/internal/kit/live/livetest"
	"github.com/dure-commerce/dure/internal/kit/live/natsbus"
)

// addresses gives n free addresses on loopback.
func addresses(t *testing.T, n int) []string {
	t.Helper()
	out := make([]string, n)
	for i := range out {
		l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = l.Close() }()
		out[i] = l.Addr().String()
	}
	return out
}

func open(t *testing.T, o natsbus.Options) *natsbus.Bus {
	t.Helper()
	b, err := natsbus.Open(o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// mesh opens n nodes that join each other.
func mesh(t *testing.T, n int, token string) []*natsbus.Bus {
	t.Helper()
	all := addresses(t, n)
	buses := make([]*natsbus.Bus, n)
	for i := range buses {
		buses[i] = open(t, natsbus.Options{Name: fmt.Sprint("node", i), Password: "secret",
			Mesh: natsbus.Mesh{Listen: all[i], Routes: all, Token: token}})
	}
	met(t, buses)
	return buses
}

// met waits until everybody hears everybody.
func met(t *testing.T, buses []*natsbus.Bus) {
	t.Helper()
	eventually(t, "the nodes do not hear each other", func() bool {
		return !slices.ContainsFunc(buses, func(b *natsbus.Bus) bool { return len(b.Heard()) != len(buses)-1 })
	})
}

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	end, stop := context.WithTimeout(t.Context(), 30*time.Second)
	defer stop()
	for !ok() {
		select {
		case <-end.Done():
			t.Fatal(what)
		case <-tick.C:
		}
	}
}

// ends hands the buses to a test and closes them after it.
func ends(t *testing.T, buses []*natsbus.Bus) []live.Bus {
	t.Helper()
	out := make([]live.Bus, len(buses))
	for i, b := range buses {
		t.Cleanup(b.Close)
		out[i] = b
	}
	return out
}

func TestMesh(t *testing.T) {
	livetest.Run(t, func(t *testing.T, n int) []live.Bus { return ends(t, mesh(t, n, "a secret")) })
}

// elsewhere runs a server as an operator would.
func elsewhere(t *testing.T, port int) *server.Server {
	t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: port, NoSigs: true, NoLog: true,
		Username: "dure", Password: "pass"})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("no server")
	}
	t.Cleanup(s.Shutdown)
	return s
}

func at(s *server.Server) string { return "nats://dure:pass@" + s.Addr().String() }

func TestServerElsewhere(t *testing.T) {
	livetest.Run(t, func(t *testing.T, n int) []live.Bus {
		s := elsewhere(t, server.RANDOM_PORT)
		buses := make([]*natsbus.Bus, n)
		for i := range buses {
			buses[i] = open(t, natsbus.Options{Name: fmt.Sprint("node", i), URL: at(s)})
		}
		met(t, buses)
		return ends(t, buses)
	})
}

// A server that goes and comes back: nobody waits while it is away, nobody is heard, and afterwards whoever listens is
// told that something is missing.
func TestServerGoesAndComesBack(t *testing.T) {
	s := elsewhere(t, server.RANDOM_PORT)
	url, port := at(s), s.Addr().(*net.TCPAddr).Port
	buses := []*natsbus.Bus{open(t, natsbus.Options{Name: "a", URL: url}), open(t, natsbus.Options{Name: "b", URL: url})}
	met(t, buses)
	all := ends(t, buses)
	s.Shutdown()
	s.WaitForShutdown()
	eventually(t, "a still hears b", func() bool { return len(buses[0].Heard()) == 0 })
	before := clock.System().Now()
	for i := range 5_000 {
		if err := all[0].Publish(t.Context(), []live.Change{{Topic: "x", Version: int64(i)}}); err != nil {
			t.Fatal(err)
		}
	}
	if took := clock.System().Now().Sub(before); took > 5*time.Second {
		t.Errorf("publishing without a server took %v", took)
	}
	eventually(t, "what was lost is not counted", func() bool { return buses[0].Lost() > 0 })
	told := make(chan int, 1<<16)
	if _, err := all[1].Subscribe(func(c []live.Change) { told <- len(c) }); err != nil {
		t.Fatal(err)
	}
	elsewhere(t, port)
	eventually(t, "nobody said that hints are missing", func() bool {
		select {
		case n := <-told:
			return n == 0
		default:
			return false
		}
	})
	met(t, buses)
}

// Somebody with another secret, or none, is not let in.
func TestSecretOfAMesh(t *testing.T) {
	all := addresses(t, 3)
	options := func(i int, token string) natsbus.Options {
		return natsbus.Options{Name: fmt.Sprint("node", i), Password: "p",
			Mesh: natsbus.Mesh{Listen: all[i], Routes: all, Token: token}}
	}
	a, b := open(t, options(0, "one")), open(t, options(1, "one"))
	stranger := open(t, options(2, "two"))
	defer a.Close()
	defer b.Close()
	defer stranger.Close()
	met(t, []*natsbus.Bus{a, b})
	eventually(t, "the stranger is not heard by itself", func() bool { return len(a.Heard()) == 1 })
	if heard := stranger.Heard(); len(heard) != 0 {
		t.Errorf("the stranger hears %v", heard)
	}
}

func TestRefusals(t *testing.T) {
	for _, mesh := range []natsbus.Mesh{
		{Listen: "0.0.0.0:6222", Routes: []string{"127.0.0.1:6222"}},
		{Listen: "127.0.0.1:6222", Routes: []string{"10.0.0.1:6222"}},
		{Listen: "127.0.0.1:6222", Routes: []string{"db.internal:6222"}},
	} {
		if _, err := natsbus.Open(natsbus.Options{Name: "x", Mesh: mesh}); !errors.Is(err, natsbus.ErrToken) {
			t.Errorf("%v: %v", mesh, err)
		}
	}
	for _, bad := range []string{"", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:0", "127.0.0.1:70000"} {
		if _, err := natsbus.Open(natsbus.Options{Name: "x", Mesh: natsbus.Mesh{Listen: bad, Token: "t"}}); !errors.Is(err,
			natsbus.ErrAddress) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, err := natsbus.Open(natsbus.Options{Name: "x", URL: "nats://\x00"}); !errors.Is(err, natsbus.ErrConnect) {
		t.Error(err)
	}
}

func TestNothingIsLeftBehind(t *testing.T) {
	before := goleak.IgnoreCurrent()
	buses := mesh(t, 2, "")
	for _, b := range buses {
		b.Close()
	}
	goleak.VerifyNone(t, before)
}
