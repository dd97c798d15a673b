package nodestest_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/signup"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/sandbox"
)

const (
	shop     market.MerchantID = "mer_shop"
	patience                   = time.Minute // on a busy machine; what is waited for comes much sooner
)

// ground is one PostgreSQL, one gateway, and the servers on them.
type ground struct {
	t      *testing.T
	life   life // what all servers share
	clock  clock.Offset
	d      *db.DB // the test's own look at the database
	server *app.Server
	world  *apptest.World
	deal   deal.Deal
	option deal.Option
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// address takes a free port on loopback.
func address(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	defer func() { must(t, l.Close()) }()
	return l.Addr().String()
}

// newGround starts an empty PostgreSQL, and a gateway whose notices go to one address.
func newGround(t *testing.T, notices string) *ground {
	t.Helper()
	now := clock.System().Now()
	g := &ground{t: t, life: life{Database: dbtest.Cluster(t, dbtest.ClusterOptions{}).URL, Folder: t.TempDir(),
		Ahead: deal.NextMonday(now).Add(time.Hour).Sub(now)}}
	g.clock = clock.Offset{Base: clock.System(), Distance: g.life.Ahead}
	ctx, stop := context.WithCancel(context.Background())
	up, ended := make(chan string, 1), make(chan struct{})
	go func() {
		defer close(ended)
		_ = sandbox.Run(ctx, sandbox.Options{Memory: true, Clock: g.clock, WebhookURL: "http://" + notices + "/hooks/gateway",
			SlowFor: -1, HangFor: -1, Ready: func(url string) { up <- url }})
	}()
	t.Cleanup(func() { stop(); <-ended })
	select {
	case g.life.Gateway = <-up:
	case <-ended:
		t.Fatal("the gateway did not start")
	}
	return g
}

// furnish makes a shop with a deal on sale, and people, by a server in the test that does no work of its own later.
func (g *ground) furnish(buyers int) {
	g.t.Helper()
	now := clock.NewFake(clock.System().Now())
	own := g.life
	own.Listen, own.Cluster = "127.0.0.1:0", app.ClusterConfig{NoMigrate: true}
	s, err := app.NewServer(g.t.Context(), own.options(now))
	must(g.t, err)
	g.t.Cleanup(func() { must(g.t, s.Close()) })
	g.server, g.d, g.world = s, s.DB, apptest.Over(g.t, s.Core, now)
	owner := g.admit("owner@dure.test")
	g.world.Must(s.DB.Write(g.t.Context(), func(tx *db.Tx) error {
		if _, err := db.Exec(g.t.Context(), tx, `INSERT INTO merchant (id, slug, business_number, name, representative,
			phone, email, story, category_id, region_id, bank_code, bank_account, bank_holder, state, created_at, version)
			VALUES ($1, $1, $1, '손칼국수', '', '', '', '', '', 'r1', '', '', '', 'approved', 0, 1)`, string(shop)); err != nil {
			return err
		}
		_, err := db.Exec(g.t.Context(), tx, `INSERT INTO merchant_member (merchant_id, account_id, role, added_by, added_at)
			VALUES ($1, $2, 'owner', 'test', 0)`, string(shop), string(owner))
		return err
	}))
	for i := range buyers {
		g.admit(buyer(i + 1))
	}
	d := g.world.Scheduled(shop, func(o *deal.Offer) { o.Capacity, o.PerPerson, o.Options[0].Quantity = 200, 10, 200 })
	options, err := deal.Options(g.t.Context(), s.DB, d.ID)
	must(g.t, err)
	g.option = options[0]
	g.eventually("the deal is never on sale", func() bool {
		g.deal = g.world.Deal(d.ID)
		return g.deal.State == deal.OnSale
	})
	now.Set(g.clock.Now())
}

func buyer(n int) string { return fmt.Sprintf("buyer%d@dure.test", n) }

func (g *ground) admit(email string) market.AccountID {
	g.t.Helper()
	hash, err := g.server.Hasher.Hash(g.t.Context(), "demo-only")
	must(g.t, err)
	id, err := g.server.Signup.Admit(g.t.Context(), market.System(), signup.AdmitCmd{Email: email, Name: "시험",
		Locale: "ko", PasswordHash: hash})
	must(g.t, err)
	return id
}

// eventually looks until something holds.
func (g *ground) eventually(what string, holds func() bool) (took time.Duration) {
	g.t.Helper()
	begun := clock.System().Now()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	end, stop := context.WithTimeout(context.Background(), patience)
	defer stop()
	for !holds() {
		select {
		case <-end.Done():
			g.t.Fatal(what)
		case <-tick.C:
		}
	}
	return clock.System().Now().Sub(begun)
}

// texts reads a column.
func (g *ground) texts(query string, args ...any) []string {
	g.t.Helper()
	out, err := db.All(g.t.Context(), g.d, db.Scalar[string], query, args...)
	must(g.t, err)
	return out
}

// process is one server.
type process struct {
	g     *ground
	life  life
	cmd   *exec.Cmd
	gone  chan struct{}
	first string // what it said first: that it is ready, or why not
}

// launch starts a server and does not wait for it.
func (g *ground) launch(change func(*life)) (p *process, said func() string) {
	g.t.Helper()
	p = &process{g: g, life: g.life, gone: make(chan struct{})}
	p.life.Listen = address(g.t)
	change(&p.life)
	text, err := json.Marshal(p.life)
	must(g.t, err)
	p.cmd = exec.Command(os.Args[0])
	p.cmd.Env = append(os.Environ(), childEnv+"="+string(text))
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	must(g.t, err)
	must(g.t, p.cmd.Start())
	g.t.Cleanup(func() { p.kill() })
	return p, func() string {
		line, _ := bufio.NewReader(out).ReadString('\n')
		go func() {
			_ = p.cmd.Wait()
			close(p.gone)
		}()
		p.first = strings.TrimSpace(line)
		return p.first
	}
}

func (g *ground) start(change func(*life)) *process {
	g.t.Helper()
	p, said := g.launch(change)
	if line := said(); line != "ready" {
		g.t.Fatalf("a server did not start: %q", line)
	}
	return p
}

// kill ends a server as a power cut would.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.gone
}

// answer is what came back; status 0 is no answer.
type answer struct {
	status int
	body   map[string]any
	text   string
}

// caller speaks to one server after another with one token.
type caller struct {
	g     *ground
	token string
}

func (c caller) send(p *process, method, path, key string, body any) (a answer) {
	c.g.t.Helper()
	raw, err := json.Marshal(body)
	must(c.g.t, err)
	r, err := http.NewRequestWithContext(c.g.t.Context(), method, "http://"+p.life.Listen+path, bytes.NewReader(raw))
	must(c.g.t, err)
	r.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	got, err := (&http.Client{Timeout: patience, Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		return a
	}
	defer func() { _ = got.Body.Close() }()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		return answer{}
	}
	a.status, a.text = got.StatusCode, string(text)
	_ = json.Unmarshal(text, &a.body)
	return a
}

// want sends "METHOD /path" to the API and ends the test on another status. A key makes a write happen once.
func (c caller) want(status int, p *process, call, key string, body any) map[string]any {
	c.g.t.Helper()
	method, path, _ := strings.Cut(call, " ")
	a := c.send(p, method, "/api/v1"+path, key, body)
	if a.status != status {
		c.g.t.Fatalf("%s %s: %d, want %d: %s", method, path, a.status, status, a.text)
	}
	return a.body
}

// signIn gets a token from one server.
func (g *ground) signIn(p *process, email string) caller {
	g.t.Helper()
	out := caller{g: g}.want(http.StatusCreated, p, "POST /sessions", "key-"+email,
		map[string]any{"email": email, "password": "demo-only"})
	return caller{g: g, token: out["token"].(string)}
}

// buy orders at one server and pays at another.
func (c caller) buy(place, pay *process, key string) string {
	c.g.t.Helper()
	placed := c.want(http.StatusCreated, place, "POST /orders", "order-"+key, c.order())
	id := placed["id"].(string)
	paid := c.want(http.StatusCreated, pay, "POST /orders/"+id+"/payments", "pay-"+key,
		map[string]any{"method": "sandbox", "instrument": "ok"})
	if paid["state"] != "paid" {
		c.g.t.Fatalf("%v", paid)
	}
	return id
}

func (c caller) order() map[string]any {
	return map[string]any{"deal_id": string(c.g.deal.ID), "option_id": string(c.g.option.ID), "quantity": 1}
}

// ready asks a server whether it is.
func (p *process) ready() answer { return caller{g: p.g}.send(p, http.MethodGet, "/readyz", "", nil) }

// stream listens to topics at one server.
type stream struct {
	g     *ground
	lines chan string
}

func (g *ground) listen(p *process, topics string, cookie *http.Cookie) *stream {
	g.t.Helper()
	at := "http://" + p.life.Listen + "/live?topics=" + topics
	r, err := http.NewRequestWithContext(g.t.Context(), http.MethodGet, at, nil)
	must(g.t, err)
	if cookie != nil {
		r.AddCookie(cookie)
	}
	got, err := http.DefaultClient.Do(r)
	must(g.t, err)
	g.t.Cleanup(func() { _ = got.Body.Close() })
	if got.StatusCode != http.StatusOK {
		g.t.Fatalf("live: %d", got.StatusCode)
	}
	s := &stream{g: g, lines: make(chan string, 1<<12)}
	go func() {
		defer close(s.lines)
		lines := bufio.NewScanner(got.Body)
		for lines.Scan() {
			s.lines <- lines.Text()
		}
	}()
	s.await("retry:")
	return s
}

// await waits for a line that begins so.
func (s *stream) await(begin string) string {
	s.g.t.Helper()
	end := time.NewTimer(patience)
	defer end.Stop()
	for {
		select {
		case line, open := <-s.lines:
			if !open {
				s.g.t.Fatalf("the stream ended before %q", begin)
			}
			if strings.HasPrefix(line, begin) {
				return line
			}
		case <-end.C:
			s.g.t.Fatalf("nobody said %q", begin)
		}
	}
}

// drop forgets what was said so far.
func (s *stream) drop() {
	for {
		select {
		case <-s.lines:
		default:
			return
		}
	}
}
