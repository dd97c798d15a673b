package nodestest_test

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/doctor"
	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/live/behind"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/payment/toss"
	"github.com/dure-commerce/dure/internal/sandbox"
)

// TestNodes plays one story after another on the same ground: three servers on a mesh, then three on a NATS server
// elsewhere, then two programs at once.
func TestNodes(t *testing.T) {
	notices := address(t)
	g := newGround(t, notices)
	mesh := g.mesh(notices)
	g.furnish(6)
	a, b, c := mesh[0], mesh[1], mesh[2]
	buyers := make([]caller, 3)
	for i := range buyers {
		buyers[i] = g.signIn(mesh[i], buyer(i+1))
	}
	t.Run("signed in everywhere", func(t *testing.T) { g.signedInEverywhere(a, b) })
	t.Run("one key one effect", func(t *testing.T) { g.oneKeyOneEffect(a, b, buyers[0]) })
	t.Run("limits count over nodes", func(t *testing.T) { g.limitsCount(mesh) })
	for i, one := range buyers { // ordered here, paid there
		one.buy(mesh[i], mesh[(i+1)%3], fmt.Sprint("tip-", i))
	}
	g.eventually("vouchers are never active", func() bool {
		return len(g.texts(`SELECT id FROM voucher WHERE state = 'active'`)) == 3
	})
	t.Run("a notice at another node", func(t *testing.T) { g.noticeElsewhere(c) })
	t.Run("a use moves a screen at another node", func(t *testing.T) { g.useMovesScreens(a, c) })
	t.Run("the sealer dies", func(t *testing.T) { mesh = g.sealerDies(mesh, buyers[0]) })
	t.Run("drained", func(t *testing.T) { g.drained(mesh) })
	twins := g.parted(t)
	t.Run("the mesh is parted", func(t *testing.T) { g.meshParted(twins, buyers) })
	elsewhere := g.elsewhere(t)
	t.Run("cut off", func(t *testing.T) { g.cutOff(elsewhere, buyers) })
	t.Run("two programs at once", func(t *testing.T) { g.twoPrograms(elsewhere.nodes, buyers) })
	g.sound()
}

// mesh starts three servers at the same moment on the empty database; the second gets the gateway's notices.
func (g *ground) mesh(notices string) []*process {
	g.t.Helper()
	routes := []string{address(g.t), address(g.t), address(g.t)}
	all, waits := make([]*process, 3), make([]func() string, 3)
	for i := range all {
		all[i], waits[i] = g.launch(func(l *life) {
			l.Cluster = app.ClusterConfig{Routes: routes, Listen: routes[i], Token: "a secret"}
			if i == 1 {
				l.Listen = notices
			}
			if i == 2 {
				l.Cluster.Drain = 2 * time.Second
			}
		})
	}
	var wait sync.WaitGroup
	for _, said := range waits {
		wait.Go(func() { said() })
	}
	wait.Wait()
	for i, p := range all {
		if p.first != "ready" {
			g.t.Fatalf("server %d did not start: %q", i, p.first)
		}
	}
	return all
}

// cookieOf signs in at the page of one server.
func (g *ground) cookieOf(p *process, email string) *http.Cookie {
	g.t.Helper()
	jar, err := cookiejar.New(nil)
	must(g.t, err)
	at, err := url.Parse("http://" + p.life.Listen + "/signin")
	must(g.t, err)
	client := &http.Client{Jar: jar, Timeout: patience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	got, err := client.PostForm(at.String(), url.Values{"email": {email}, "password": {"demo-only"}})
	must(g.t, err)
	must(g.t, got.Body.Close())
	for _, cookie := range jar.Cookies(at) {
		if cookie.Name == "dure" {
			return cookie
		}
	}
	g.t.Fatalf("not signed in: %d", got.StatusCode)
	return nil
}

func (g *ground) signedInEverywhere(a, b *process) {
	cookie := g.cookieOf(a, buyer(4))
	visit := func(p *process, cookie *http.Cookie) int {
		r, err := http.NewRequestWithContext(g.t.Context(), http.MethodGet, "http://"+p.life.Listen+"/account", nil)
		must(g.t, err)
		if cookie != nil {
			r.AddCookie(cookie)
		}
		got, err := http.DefaultTransport.RoundTrip(r)
		must(g.t, err)
		must(g.t, got.Body.Close())
		return got.StatusCode
	}
	if there, nobody := visit(b, cookie), visit(b, nil); there != http.StatusOK || nobody == http.StatusOK {
		g.t.Fatalf("signed in at one node, the other answers %d (and %d to nobody)", there, nobody)
	}
}

func (g *ground) oneKeyOneEffect(a, b *process, who caller) {
	const each = 8
	answers := make([]answer, 2*each)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			answers[i] = who.send([]*process{a, b}[i%2], http.MethodPost, "/api/v1/orders", "same-key-1", who.order())
		})
	}
	all.Wait()
	for _, one := range answers {
		if one.status != http.StatusCreated || one.body["id"] != answers[0].body["id"] {
			g.t.Errorf("%d %v, first %v", one.status, one.body, answers[0].body["id"])
		}
	}
	if orders := g.texts(`SELECT id FROM orders`); len(orders) != 1 {
		g.t.Errorf("%d orders of one key", len(orders))
	}
}

func (g *ground) limitsCount(all []*process) {
	var got []int
	for i := range 9 {
		a := caller{g: g}.send(all[i%3], http.MethodPost, "/api/v1/sessions", fmt.Sprint("guess-key-", i),
			map[string]any{"email": buyer(5), "password": fmt.Sprint("guess", i)})
		got = append(got, a.status)
	}
	const no, stop = http.StatusUnauthorized, http.StatusTooManyRequests
	if want := []int{no, no, no, no, no, stop, stop, stop, stop}; !slices.Equal(got, want) {
		g.t.Fatalf("guesses at three nodes were answered %v", got)
	}
}

// noticeElsewhere: the buyer never comes back from the gateway; its notice reaches another node than the buyer's.
func (g *ground) noticeElsewhere(c *process) {
	who := g.signIn(c, buyer(6))
	id := who.want(http.StatusCreated, c, "POST /orders", "order-notice", who.order())["id"].(string)
	account := g.texts(`SELECT account_id FROM orders WHERE id = $1`, id)[0]
	started, err := g.server.Checkout.StartPayment(g.t.Context(), market.Actor{AccountID: market.AccountID(account),
		Confirmed: true, Locale: "ko"}, checkout.StartCmd{OrderID: market.OrderID(id), Title: "시험"})
	must(g.t, err)
	client, err := toss.New(toss.Options{URL: g.life.Gateway, SecretKey: sandbox.DefaultSecretKey,
		Timeout: 5 * time.Second})
	must(g.t, err)
	key, err := client.Authorize(g.t.Context(), gateway.AuthorizeRequest{CheckoutKey: started.Payment.CheckoutKey,
		Instrument: gateway.InstrumentOK})
	must(g.t, err)
	// Captured by a call whose caller died: only the notice tells.
	_, err = client.Confirm(g.t.Context(), gateway.ConfirmRequest{PaymentKey: key, OrderID: string(started.Payment.ID),
		Amount: started.Payment.Amount, IdempotencyKey: "confirm-" + string(started.Payment.ID) + "-" + key})
	must(g.t, err)
	took := g.eventually("the notice changed nothing", func() bool {
		return who.want(http.StatusOK, c, "GET /orders/"+id, "", nil)["state"] == "paid"
	})
	g.t.Logf("a notice at another node: paid after %v", took)
}

// useMovesScreens: a voucher is used at one node, and its owner looks at another. Nodes hear each other all the while,
// so the feed is not followed and nothing but the bus brings a change of that one voucher.
func (g *ground) useMovesScreens(a, c *process) {
	owner := g.signIn(a, "owner@dure.test")
	g.whole(a, c)
	var delays []time.Duration
	for i := range 3 {
		mine := g.signIn(c, buyer(i+1)).want(http.StatusOK, c, "GET /vouchers", "", nil)["vouchers"].([]any)[0]
		v := mine.(map[string]any)
		screen := g.listen(c, "voucher:"+v["id"].(string), g.cookieOf(c, buyer(i+1)))
		screen.drop()
		begun := clock.System().Now()
		owner.want(http.StatusCreated, a, "POST /redemptions", fmt.Sprint("redeem-", i),
			map[string]any{"code": v["qr"], "units": 1, "nonce": fmt.Sprint("nonce-000", i)})
		answered := clock.System().Now()
		screen.moved("voucher:")
		delays = append(delays, clock.System().Now().Sub(answered))
		g.t.Logf("used in %v; the other node's screen moved %v after the answer", answered.Sub(begun), delays[i])
	}
	g.heard(a, c)
	if quickest := slices.Min(delays); quickest > behind.StepEvery/2 { // one of three, on a busy machine too
		g.t.Errorf("a screen at another node moved after %v: as if it had looked by itself", quickest)
	}
}

// holder is the server that numbers the feed, nil when none does.
func (g *ground) holder(all []*process) *process {
	at := g.texts(`SELECT address FROM kit_lease JOIN kit_node ON kit_node.name = kit_lease.holder
		WHERE kit_lease.name = 'sealer' AND kit_lease.until > $1`, g.clock.Now().UnixMicro())
	for _, p := range all {
		if slices.Contains(at, p.life.Listen) {
			return p
		}
	}
	return nil
}

func (g *ground) unnumbered() int { return len(g.texts(`SELECT id FROM kit_event WHERE seq IS NULL`)) }

// sealerDies kills who numbers the feed; another takes over once the lease has ended, and nothing is lost or doubled.
func (g *ground) sealerDies(all []*process, who caller) []*process {
	g.t.Helper()
	who.buy(all[0], all[0], "before-death")
	var dead *process
	g.eventually("nobody numbers", func() bool { dead = g.holder(all); return dead != nil && g.unnumbered() == 0 })
	left := slices.DeleteFunc(slices.Clone(all), func(p *process) bool { return p == dead })
	name := g.texts(`SELECT holder FROM kit_lease WHERE name = 'sealer'`)[0]
	dead.kill()
	if dead.ready().status != 0 {
		g.t.Fatal("the dead answer")
	}
	who.buy(left[0], left[1], "after-death")
	took := g.eventually("nobody takes over", func() bool { return g.unnumbered() == 0 })
	if now := g.holder(left); now == nil {
		g.t.Error("the feed is numbered by nobody who lives")
	}
	g.t.Logf("the feed went on %v after its sealer was killed", took)
	if took > 10*time.Second+patience/4 {
		g.t.Errorf("taking over lasted longer than the lease: %v", took)
	}
	again := g.start(func(l *life) { *l = dead.life })
	must(g.t, g.d.Write(g.t.Context(), func(tx *db.Tx) error { // else it counts as one who is not heard for a while
		_, err := db.Exec(g.t.Context(), tx, `DELETE FROM kit_node WHERE name = $1`, name)
		return err
	}))
	return append(left, again)
}

// drained: a server that is told to stop says first that nothing should come any more, goes on answering meanwhile, and
// leaves neither lease nor row behind.
func (g *ground) drained(all []*process) {
	at := slices.IndexFunc(all, func(p *process) bool { return p.life.Cluster.Drain > 0 })
	slow := all[at]
	if a := slow.ready(); a.status != http.StatusOK || !strings.HasPrefix(a.text, "ready\n") {
		g.t.Fatalf("%d %s", a.status, a.text)
	}
	must(g.t, slow.cmd.Process.Signal(syscall.SIGTERM))
	g.eventually("it never says that it is going", func() bool {
		a := slow.ready()
		if a.status == 0 {
			g.t.Fatal("it went before it said so")
		}
		return a.status == http.StatusServiceUnavailable && strings.Contains(a.text, "reason: draining\n")
	})
	who := caller{g: g}
	who.want(http.StatusOK, slow, "GET /deals", "", nil)
	if a := who.send(slow, http.MethodGet, "/healthz", "", nil); a.status != http.StatusNoContent {
		g.t.Errorf("a draining server is not alive: %d", a.status)
	}
	<-slow.gone
	if !slow.cmd.ProcessState.Success() {
		g.t.Errorf("it ended badly: %v", slow.cmd.ProcessState)
	}
	for i, p := range all {
		if i != at {
			must(g.t, p.cmd.Process.Signal(syscall.SIGTERM))
			<-p.gone
		}
	}
	// Whoever was killed left a row; those who went in good order did not.
	for _, p := range all {
		if rows := g.texts(`SELECT name FROM kit_node WHERE address = $1 AND seen_at > $2`, p.life.Listen,
			g.clock.Now().Add(-10*time.Second).UnixMicro()); len(rows) > 1 {
			g.t.Errorf("%s left %v", p.life.Listen, rows)
		}
	}
	if held := g.texts(`SELECT holder FROM kit_lease WHERE until > $1`, g.clock.Now().UnixMicro()); len(held) != 0 {
		g.t.Errorf("leases that nobody gave back: %v", held)
	}
}

// outside are servers that hear each other through a NATS server that an operator runs.
type outside struct {
	nats  *server.Server
	port  int
	nodes []*process
}

func natsServer(t *testing.T, port int) *server.Server {
	t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: port, NoSigs: true, NoLog: true})
	must(t, err)
	s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("no NATS server")
	}
	t.Cleanup(s.Shutdown)
	return s
}

func (g *ground) elsewhere(t *testing.T) *outside {
	t.Helper()
	o := &outside{port: server.RANDOM_PORT}
	o.nats = natsServer(t, o.port)
	o.port = portOf(o.nats)
	for range 2 {
		o.nodes = append(o.nodes, g.start(func(l *life) {
			l.Cluster = app.ClusterConfig{URL: "nats://" + o.nats.Addr().String(), Subject: "test.live"}
		}))
	}
	return o
}

// cutOff takes the bus away: sales go on, screens say that they are late and move all the same; then it comes back.
func (g *ground) cutOff(o *outside, buyers []caller) {
	a, b := o.nodes[0], o.nodes[1]
	topic := "deal:" + string(g.deal.ID)
	screen := g.listen(b, topic, nil)
	moves := func(key string) time.Duration {
		screen.drop()
		buyers[1].buy(a, a, key)
		begun := clock.System().Now()
		screen.moved(topic) // and not only: fetch everything
		return clock.System().Now().Sub(begun)
	}
	g.whole(a, b)
	g.t.Logf("with the bus: a screen at the other node moved within %v of the answer", moves("with-bus"))
	g.heard(a, b)
	o.nats.Shutdown()
	o.nats.WaitForShutdown()
	screen.await(`data: {"delayed":true}`)
	if a := b.ready(); a.status != http.StatusOK || !strings.Contains(a.text, "note: live.delayed\n") {
		g.t.Errorf("a server without its bus: %d %s", a.status, a.text)
	}
	screen.drop()
	g.t.Logf("without the bus: a screen at the other node moved within %v of the answer", moves("without-bus"))
	o.nats = natsServer(g.t, o.port)
	screen.await(`data: {"delayed":false}`)
	g.t.Logf("with the bus again: within %v", moves("bus-again"))
}

func (g *ground) sound() {
	g.t.Helper()
	g.eventually("work is left", func() bool {
		return g.unnumbered() == 0 && len(g.texts(`SELECT id FROM kit_job WHERE state = 'ready' AND due_at <= $1`,
			g.clock.Now().UnixMicro())) == 0
	})
	again := g.texts(`SELECT kind || ' ' || id FROM kit_job WHERE state = 'done' AND attempts > 1`)
	if len(again) > 0 { // a kill may cut a job short
		g.t.Logf("jobs that ran again: %v", again)
	}
	report, err := doctor.Check(g.t.Context(), g.d, doctor.Options{Only: []string{"events", "orders", "payments",
		"refunds", "ledger_entries", "ledger_scopes", "ledger_balances", "ledger_totals", "ledger_orders"}})
	must(g.t, err)
	for _, one := range report.Answers {
		for _, f := range one.Findings {
			g.t.Errorf("doctor: %d %s %s %v", f.Invariant, f.Code, f.Row, f.Args)
		}
	}
}
