package pgfault_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/bench/stage"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/sandbox"
)

// The deals of the world: one that never sells out, one whose vouchers have ten uses, one that sells out soon.
// waitMax is how long a test waits for what has to come: far more than it takes, for a busy machine proves nothing.
const waitMax = time.Minute

const (
	bulk = iota
	passes
	scarce
	deals
)

const (
	buyers      = 600
	boughtEach  = 100 // vouchers of each deal that people hold from the beginning
	scarceUnits = 140
	limitEach   = 100 // units of a person, but two of the scarce deal
	limitScarce = 2
)

// ground is one durable PostgreSQL with the world in it, made once for the whole package.
type ground struct {
	*stage.Ground
	world *stage.World
	mu    sync.Mutex
}

// another makes a place of its own out of the world's, and removes it with the test.
func (g *ground) another(t *testing.T) stage.Place {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	place, err := g.Copy(t.Context(), g.world.Place)
	must(t, err)
	t.Cleanup(func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		must(t, g.Drop(context.Background(), place))
	})
	return place
}

// grounds keeps the one ground, so that TestMain can remove it.
var grounds = sync.OnceValues(func() (*ground, error) {
	ctx := context.Background()
	g, err := stage.Open(ctx, db.Postgres, "")
	if err != nil {
		return nil, err
	}
	opened.Store(&ground{Ground: g})
	plan := stage.Plan{Buyers: buyers, Bought: boughtEach * deals, Deals: []stage.Deal{
		bulk:   {Capacity: 1_000_000, PerPerson: limitEach},
		passes: {Capacity: 100_000, PerPerson: limitEach, Uses: 10},
		scarce: {Capacity: scarceUnits, PerPerson: limitScarce},
	}}
	world, err := g.Found(ctx, plan)
	if err != nil {
		return nil, err
	}
	return &ground{Ground: g, world: world}, nil
})

// opened is the ground as soon as its server runs.
var opened atomic.Pointer[ground]

// closeGrounds stops the server and removes its folder.
func closeGrounds() {
	if g := opened.Load(); g != nil {
		_ = g.Close() // what is left of it lies in the system's temporary folder
	}
}

// now is for waiting and for measuring how long answers take.
func now() time.Time { return clock.System().Now() }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// await asks until the answer is yes, for at most a while.
func await(t *testing.T, wait time.Duration, what string, yes func() bool) {
	t.Helper()
	if !patience(t.Context(), wait, yes) {
		t.Fatalf("%s: not within %v", what, wait)
	}
}

func patience(ctx context.Context, wait time.Duration, yes func() bool) bool {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	for !yes() {
		if !pause(ctx, 20*time.Millisecond) {
			return yes()
		}
	}
	return true
}

// pause waits; false when the context ended first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// cluster is some nodes over one database, each with a line of its own to it, and a gateway.
type cluster struct {
	t       *testing.T
	world   *stage.World
	place   stage.Place // as the test reaches it, past every line
	gateway string
	bank    *line // to the gateway, when asked for
	nodes   []*node
}

// node is one process of the program.
type node struct {
	c       *cluster
	address string
	line    *line
	data    string
	command *exec.Cmd
	ended   chan struct{}
	url     string // of the database, "" over the line
}

// options of a cluster.
type options struct {
	nodes int         // 0 means three
	place stage.Place // a database of its own; empty copies the world
	// bank leads nodes to the gateway over a line of the test's.
	bank bool
	// url is where the nodes find their database instead of at the end of their lines.
	url string
}

// newCluster starts nodes and waits until they are ready.
func newCluster(t *testing.T, o options) *cluster {
	t.Helper()
	g, err := grounds()
	must(t, err)
	if o.nodes == 0 {
		o.nodes = 3
	}
	if o.place.URL == "" {
		o.place = g.another(t)
	}
	c := &cluster{t: t, world: g.world, place: o.place, gateway: openGateway(t)}
	if o.bank {
		c.bank = newLine(t, "tcp", strings.TrimPrefix(c.gateway, "http://"))
		c.gateway = "http://" + c.bank.address
	}
	for i := range o.nodes {
		n := &node{c: c, address: freeAddress(t), line: newLine(t, "unix", socketOf(t, o.place.URL)), url: o.url,
			data: filepath.Join(t.TempDir(), fmt.Sprint("node", i))}
		must(t, os.MkdirAll(n.data, 0o700))
		key, err := os.ReadFile(o.place.Config().KeyPath())
		must(t, err)
		must(t, os.WriteFile(filepath.Join(n.data, "key"), key, 0o600))
		c.nodes = append(c.nodes, n)
		n.start()
	}
	for _, n := range c.nodes {
		n.ready(waitMax)
	}
	t.Cleanup(func() {
		for _, n := range c.nodes {
			n.kill()
		}
	})
	return c
}

func openGateway(t *testing.T) string {
	t.Helper()
	box, err := sandbox.New(t.Context(), sandbox.Options{Memory: true, SlowFor: -1, HangFor: -1})
	must(t, err)
	listener, err := stage.Listen(t.Context())
	must(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- box.Serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-ended, box.Close()); err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
	return "http://" + listener.Addr().String()
}

func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := stage.Listen(t.Context())
	must(t, err)
	defer func() { must(t, listener.Close()) }()
	return listener.Addr().String()
}

// socketOf is the file on which the database of an address listens.
func socketOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	must(t, err)
	return filepath.Join(u.Query().Get("host"), ".s.PGSQL."+u.Query().Get("port"))
}

func databaseOf(address string) string {
	path, _, _ := strings.Cut(address, "?")
	return path[strings.LastIndex(path, "/")+1:]
}

// start runs the program; it does not wait.
func (n *node) start() {
	n.c.t.Helper()
	program, err := os.Executable()
	must(n.c.t, err)
	args := []string{"serve", "--listen", n.address, "--data", n.data, "--log", "warn", "--sandbox",
		"--database", n.database(), "--gateway-url", n.c.gateway, "--gateway-key", sandbox.DefaultSecretKey,
		"--gateway-webhook-secret", sandbox.DefaultWebhookSecret}
	n.command = exec.Command(program, args...)
	n.command.Env = append(os.Environ(), nodeEnv+"=1")
	log, err := os.OpenFile(n.data+"/log", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	must(n.c.t, err)
	n.command.Stdout, n.command.Stderr = log, log
	_, err = n.command.StdinPipe()
	must(n.c.t, errors.Join(err, n.command.Start(), log.Close()))
	n.ended = make(chan struct{})
	go func(c *exec.Cmd, ended chan struct{}) {
		_ = c.Wait()
		close(ended)
	}(n.command, n.ended)
}

// database is the one address that the node is given.
func (n *node) database() string {
	if n.url != "" {
		return n.url
	}
	return "postgres://postgres@" + n.line.address + "/" + databaseOf(n.c.place.URL) + "?sslmode=disable"
}

// ready waits until the node answers, and says how long that took.
func (n *node) ready(wait time.Duration) time.Duration {
	n.c.t.Helper()
	began := now()
	client := &http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	ok := patience(n.c.t.Context(), wait, func() bool {
		answer, err := client.Get("http://" + n.address + "/healthz")
		if err != nil {
			return false
		}
		return answer.Body.Close() == nil && answer.StatusCode == http.StatusNoContent
	})
	if !ok {
		n.c.t.Fatalf("a node is not ready within %v:\n%s", wait, n.log())
	}
	return now().Sub(began)
}

// log is the end of what the node wrote.
func (n *node) log() string {
	text, err := os.ReadFile(n.data + "/log")
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-4000):])
}

// signal sends the node a signal.
func (n *node) signal(s syscall.Signal) {
	n.c.t.Helper()
	must(n.c.t, n.command.Process.Signal(s))
}

// kill ends the node in the middle of whatever it does.
func (n *node) kill() {
	_ = n.command.Process.Kill()
	<-n.ended
}
