package nodestest_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
)

// agreeMax is within what screens agree with the database whatever happens between nodes (I6: five seconds), and as
// much again for a busy machine.
const agreeMax = 10 * time.Second

// gate is the only way to another node's mesh, which a test can shut.
type gate struct {
	listener net.Listener
	to       string

	mu   sync.Mutex
	shut bool
	open map[net.Conn]bool
}

func newGate(t *testing.T, to string) *gate {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	w := &gate{listener: listener, to: to, open: map[net.Conn]bool{}}
	go func() {
		for {
			from, err := listener.Accept()
			if err != nil {
				return
			}
			go w.carry(from)
		}
	}()
	t.Cleanup(func() { _ = listener.Close(); w.set(true) })
	return w
}

func (w *gate) address() string { return w.listener.Addr().String() }

func (w *gate) carry(from net.Conn) {
	defer func() { _ = from.Close() }()
	to, err := (&net.Dialer{Timeout: time.Second}).DialContext(context.Background(), "tcp", w.to)
	if err != nil {
		return
	}
	defer func() { _ = to.Close() }()
	w.mu.Lock()
	w.open[from], w.open[to] = true, true
	shut := w.shut
	w.mu.Unlock()
	if !shut {
		go func() { _, _ = io.Copy(to, from); _ = to.Close() }()
		_, _ = io.Copy(from, to)
	}
	w.mu.Lock()
	delete(w.open, from)
	delete(w.open, to)
	w.mu.Unlock()
}

// set shuts the gate, which cuts what is under way, or opens it again.
func (w *gate) set(shut bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.shut = shut
	for conn := range w.open {
		if shut {
			_ = conn.Close()
		}
	}
}

// parted is a mesh of two servers, each of which knows the other behind a gate.
type parted struct {
	gates []*gate
	nodes []*process
}

func (g *ground) parted(t *testing.T) *parted {
	t.Helper()
	p := &parted{}
	routes := []string{address(t), address(t)}
	for _, to := range routes {
		p.gates = append(p.gates, newGate(t, to))
	}
	for i, listen := range routes {
		p.nodes = append(p.nodes, g.start(func(l *life) {
			l.Cluster = app.ClusterConfig{Listen: listen, Routes: []string{p.gates[1-i].address()}, Token: "a secret"}
		}))
	}
	return p
}

func (p *parted) set(shut bool) {
	for _, w := range p.gates {
		w.set(shut)
	}
}

// meshParted cuts two nodes off from each other, and neither from the database. Both go on selling; screens at either,
// the console's too, say that they are late and are right again within I6's time, and all is as before once it is over.
func (g *ground) meshParted(p *parted, buyers []caller) {
	a, b := p.nodes[0], p.nodes[1]
	topic := "deal:" + string(g.deal.ID)
	screens := []*stream{g.listen(a, topic, nil), g.listen(b, topic, nil)}
	console := g.listen(b, "console:", g.admin(b))
	g.aged(a, b)
	g.whole(a, b)
	screens[1].drop()
	buyers[0].buy(a, a, "mesh-whole")
	g.t.Logf("over the mesh: moved %v after the answer", screens[1].moved(topic))
	g.heard(a, b)

	screens[0].drop()
	screens[1].drop()
	begun := clock.System().Now()
	p.set(true)
	buyers[0].buy(a, a, "mesh-cut-1") // nobody tells the other node
	buyers[1].buy(b, b, "mesh-cut-2")
	for i, s := range screens {
		s.await(`data: {"delayed":true}`)
		s.await("data: {\"topic\":\"" + topic)
		g.within(begun, "a screen is right again", i)
	}
	console.await(`data: {"delayed":true}`)
	for i, s := range screens { // and so they stay: by the feed alone
		s.drop()
		other := p.nodes[1-i]
		buyers[i].buy(other, other, []string{"mesh-late-1", "mesh-late-2"}[i])
		begun = clock.System().Now()
		g.t.Logf("without the mesh: moved %v after the answer", s.moved(topic))
		g.within(begun, "a screen follows", i)
	}
	if got := g.listen(b, "console:", g.admin(b)); got.await("data: ") != `data: {"delayed":true}` {
		g.t.Error("a console that is opened meanwhile does not say that it is late")
	}
	strip := caller{g: g}.send(b, http.MethodGet, "/live/delay", "", nil)
	if strip.status != http.StatusOK || !strings.Contains(strip.text, `role="status"`) {
		g.t.Errorf("the strip: %d %s", strip.status, strip.text)
	}

	p.set(false)
	for _, s := range append(screens, console) {
		s.await(`data: {"delayed":false}`)
	}
	g.whole(a, b)
	screens[1].drop()
	buyers[2].buy(a, a, "mesh-again")
	g.t.Logf("over the mesh again: moved %v after the answer", screens[1].moved(topic))
	g.heard(a, b)
	for _, one := range p.nodes {
		must(g.t, one.cmd.Process.Signal(syscall.SIGTERM))
		<-one.gone
	}
}

// aged waits until nodes are so old that the others would notice if they were not heard: new ones are given time.
func (g *ground) aged(all ...*process) {
	g.t.Helper()
	for _, p := range all {
		g.eventually("a node is not among the others", func() bool {
			return len(g.texts(`SELECT name FROM kit_node WHERE address = $1 AND started_at < $2`, p.life.Listen,
				g.clock.Now().Add(-7*time.Second).UnixMicro())) == 1
		})
	}
}

// whole waits until nodes say that they hear each other. What a screen then says came over the bus: the feed is not
// followed.
func (g *ground) whole(all ...*process) {
	g.t.Helper()
	for _, p := range all {
		g.eventually("a node never hears the others", func() bool { return p.ready().text == "ready\n" })
	}
}

// heard fails unless nodes hear each other now.
func (g *ground) heard(all ...*process) {
	g.t.Helper()
	for _, p := range all {
		if text := p.ready().text; text != "ready\n" {
			g.t.Errorf("a node does not hear the others: %q", text)
		}
	}
}

func (g *ground) within(begun time.Time, what string, at int) {
	g.t.Helper()
	took := clock.System().Now().Sub(begun)
	g.t.Logf("at node %d %s after %v", at, what, took)
	if took > agreeMax {
		g.t.Errorf("at node %d %s after %v, at most %v", at, what, took, agreeMax)
	}
}

// moved waits until the screen is told of a change, not only to fetch everything.
func (s *stream) moved(topic string) time.Duration {
	s.g.t.Helper()
	begun := clock.System().Now()
	for strings.HasSuffix(s.await("data: {\"topic\":\""+topic), `"version":0}`) {
		continue
	}
	return clock.System().Now().Sub(begun)
}

// admin signs the operator in at a node's page.
func (g *ground) admin(p *process) *http.Cookie {
	g.t.Helper()
	const email = "admin@dure.test"
	if len(g.texts(`SELECT id FROM account WHERE email = $1`, email)) == 0 {
		who := g.admit(email)
		must(g.t, g.d.Write(g.t.Context(), func(tx *db.Tx) error {
			n, err := db.Exec(g.t.Context(), tx, `UPDATE account SET staff_role = 'admin' WHERE id = $1`, string(who))
			if err == nil && n != 1 {
				err = errors.New("no such account")
			}
			return err
		}))
	}
	return g.cookieOf(p, email)
}
