package pagetest_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/flow/load"
	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/town"
	"github.com/dure-commerce/dure/internal/web/request"
)

// friday is the present of the world: a business day's afternoon.
var friday = time.Date(2026, 11, 20, 14, 20, 0, 0, bizday.Seoul())

// origin is the site's address in every link.
const origin = "http://dure.test"

// site is one server with its world.
type site struct {
	*town.Town
	t    testing.TB
	said *complaints
	door http.Handler
}

// pair is the same world on both engines.
type pair struct {
	t         *testing.T
	lite, big *site
}

// complaints keeps what the server logs of its own failures.
type complaints struct {
	mu   sync.Mutex
	text []byte
}

func (c *complaints) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.text = append(c.text, p...)
	return len(p), nil
}

// take gives what was said since it was last asked.
func (c *complaints) take() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	said := string(c.text)
	c.text = nil
	return said
}

// newPair builds both worlds at once: the same seed makes the same, id by id.
func newPair(t *testing.T) *pair {
	t.Helper()
	p := &pair{t: t}
	var all sync.WaitGroup
	for _, each := range []struct {
		to   **site
		open func(testing.TB) (*db.DB, *dbtest.World)
	}{{&p.lite, dbtest.SQLite}, {&p.big, dbtest.Postgres}} {
		d, w := each.open(t)
		if err := d.Close(); err != nil { // the server opens it for itself
			t.Fatal(err)
		}
		all.Go(func() { *each.to = newSite(t, w) })
	}
	all.Wait()
	if p.lite == nil || p.big == nil {
		t.FailNow()
	}
	return p
}

// newSite builds a town over the test's database and stops its clock. It gives nil after an error.
func newSite(t *testing.T, w *dbtest.World) *site {
	t.Helper()
	s := &site{t: t, said: &complaints{}}
	var err error
	s.Town, err = town.Build(context.Background(), town.Options{Seed: 1, At: friday, Folder: t.TempDir(), Base: origin,
		Open: w.Open, Still: true, Log: slog.New(slog.NewTextHandler(s.said, &slog.HandlerOptions{Level: slog.LevelError}))})
	if err != nil {
		t.Error(err)
		return nil
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	watch, ok := s.DB.Clock().(*clock.Switch)
	if !ok {
		t.Error("the town's clock is another one now")
		return nil
	}
	watch.Use(clock.NewFake(friday))
	if err := s.load(); err != nil {
		t.Error(err)
		return nil
	}
	s.door = s.Frame.Handle(func(r *request.Request) error {
		entered, err := s.Signup.StepIn(r.Context(), r.Actor, market.AccountID(r.Header.Get("Account")), "pagetest")
		if err != nil {
			return err
		}
		if err := r.Enter(entered.Identity()); err != nil {
			return err
		}
		return r.Redirect("/")
	})
	return s
}

// register is a little of the public register of shops.
const register = "상가업소번호,상호명,지점명,상권업종중분류명,상권업종소분류명," +
	"시도명,시군구명,행정동명,도로명주소,경도,위도\n" +
	"A1,두레국밥,성수점,한식,국/탕/찌개류," +
	"서울특별시,성동구,성수1가1동,서울특별시 성동구 성수이로 1,127.045,37.545\n" +
	"A2,가람 카페,,비알코올 ,카페,서울특별시,성동구,성수2가1동,,127.055,37.54\n" +
	"A3,어딘가,,이상한 업종,,,,,,,\n"

// load writes the little register, and leaves a job that nobody knows.
func (s *site) load() error {
	ctx := context.Background()
	open := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(register)), nil }
	_, err := load.New(s.DB).Merchants(ctx, market.System(),
		load.MerchantsCommand{File: load.File{Name: "상가.csv", Open: open}})
	if err != nil {
		return err
	}
	if _, err := load.New(s.DB).Index(ctx, market.System()); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, `INSERT INTO kit_job (id, kind, key, payload, due_at, created_at, state,
 attempts, last_error)
 VALUES ('job_00000000000000000000000000', 'pagetest.none', 'one', '{}', $1, $1, 'stuck', 3, 'nobody does this')`,
			db.Micros(friday))
		return err
	})
}

// person is somebody at a site: a browser with the cookies of both engines' servers.
type person struct {
	name  string
	lang  string
	actor market.Actor
	lite  []*http.Cookie
	big   []*http.Cookie
	// keys are tokens for the interface, of each server.
	liteKey, bigKey string
}

// enter signs somebody in on both sites; an empty id stays a visitor.
func (p *pair) enter(name, lang string, id market.AccountID) *person {
	p.t.Helper()
	who := &person{name: name, lang: lang}
	if id == "" {
		return who
	}
	who.lite, who.big = p.lite.enter(id), p.big.enter(id)
	who.liteKey, who.bigKey = p.lite.token(id), p.big.token(id)
	var err error
	if who.actor, err = account.LoadActor(context.Background(), p.lite.DB, id); err != nil {
		p.t.Fatalf("%s: %v", name, err)
	}
	return who
}

func (s *site) enter(id market.AccountID) []*http.Cookie {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodPost, origin+"/", http.NoBody)
	r.Header.Set("Account", string(id))
	w := httptest.NewRecorder()
	s.door.ServeHTTP(w, r)
	if w.Code != http.StatusSeeOther {
		s.t.Fatalf("sign in as %s: %d", id, w.Code)
	}
	return w.Result().Cookies()
}

// token gives somebody a token for the interface.
func (s *site) token(id market.AccountID) (secret string) {
	s.t.Helper()
	ctx := context.Background()
	err := s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		secret, err = account.Issue(ctx, tx, account.Token{AccountID: id, Purpose: account.PurposeAPI, Label: "pagetest",
			ExpiresAt: friday.AddDate(0, 1, 0)})
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return secret
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// call is one request.
type call struct {
	method, address, lang string
	cookies               []*http.Cookie
	key                   string
	kind                  string // content type of the body
	body                  io.Reader
	header                http.Header
}

// send sends one request as somebody's browser or program would.
func (s *site) send(c call) answer {
	s.t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	if c.body == nil {
		c.body = http.NoBody
	}
	r := httptest.NewRequestWithContext(ctx, c.method, origin+c.address, c.body)
	r.Header.Set("Accept-Language", c.lang)
	r.AddCookie(&http.Cookie{Name: request.LanguageCookie, Value: c.lang})
	r.Header.Set("Origin", origin)
	r.Header.Set("Content-Type", c.kind)
	for name, values := range c.header {
		r.Header[name] = values
	}
	if strings.HasPrefix(c.address, "/api/v1/") && c.key != "" {
		r.Header.Set("Authorization", "Bearer "+c.key)
	}
	for _, each := range c.cookies {
		r.AddCookie(each)
	}
	w := &cutter{ResponseRecorder: httptest.NewRecorder(), stop: stop}
	s.Handler.ServeHTTP(w, r)
	if w.stream() {
		return answer{w.Code, w.Header(), ""} // how much came before the cut is chance
	}
	return answer{w.Code, w.Header(), w.Body.String()}
}

// cutter ends a stream as soon as it begins: streams never end by themselves.
type cutter struct {
	*httptest.ResponseRecorder
	stop func()
}

func (c *cutter) WriteHeader(status int) {
	c.ResponseRecorder.WriteHeader(status)
	if c.stream() {
		c.stop()
	}
}

func (c *cutter) stream() bool { return c.Header().Get("Content-Type") == "text/event-stream" }

func (c *cutter) Flush() {
	c.ResponseRecorder.Flush()
	if c.stream() {
		c.stop()
	}
}

// SetWriteDeadline is what streams ask of a line.
func (c *cutter) SetWriteDeadline(time.Time) error { return nil }

// location is where an answer leads, without what belongs to the moment.
func location(a answer) string { return a.header.Get("Location") }
