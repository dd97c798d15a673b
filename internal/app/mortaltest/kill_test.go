package mortaltest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/flow/signup"
	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment/toss"
	"github.com/dure-commerce/dure/internal/market/voucher"
	"github.com/dure-commerce/dure/internal/sandbox"
)

const shop market.MerchantID = "mer_shop"

// world is prepared once and copied for each killing: a shop with a deal that tipped, an order that can be cancelled, a
// statement that is confirmed and due to be paid.
type world struct {
	folder            string
	platform, gateway string // addresses
	now               time.Time
	tokens            map[string]string
	deal, option      string
	order             string // of buyer1, paid and unused
	code              string // of its voucher
}

// prepare makes the world by the flows, with the platform inside the test and the gateway as a process.
func prepare(t *testing.T) world {
	t.Helper()
	start := time.Date(2026, 3, 4, 1, 0, 0, 0, time.UTC)
	w := world{folder: t.TempDir(), platform: freeAddress(t), gateway: freeAddress(t), tokens: map[string]string{}}
	must(t, os.MkdirAll(filepath.Join(w.folder, "gateway"), 0o700))
	box := &pair{t: t, gateway: process{t: t, life: life{Gateway: true, Listen: w.gateway, Folder: w.folder + "/gateway",
		Other: "http://" + w.platform, At: start}}}
	box.gateway.start()
	defer box.gateway.stop()
	now := clock.NewFake(start)
	s, err := app.NewServer(t.Context(), life{Listen: w.platform, Folder: w.folder + "/platform",
		Other: "http://" + w.gateway}.options(now, nil))
	must(t, err)
	defer func() { must(t, s.Close()) }()
	stage := &stage{t: t, w: apptest.Over(t, s.Core, now), box: box}
	stage.w.Client, err = toss.New(toss.Options{URL: "http://" + w.gateway, SecretKey: sandbox.DefaultSecretKey})
	must(t, err)
	stage.play(&w)
	w.tokens["owner"] = stage.member("owner@demo.dure")
	w.tokens["buyer1"] = stage.admit("buyer1@demo.dure", &w)
	w.now = now.Now()
	return w
}

// stage is the world while it is made.
type stage struct {
	t   *testing.T
	w   *apptest.World
	box *pair

	option deal.Option
}

// run lets both sides do what is due until neither has anything left.
func (s *stage) run() {
	s.t.Helper()
	for range 50 {
		s.w.Work()
		a := s.box.send("PUT", "http://"+s.box.gateway.life.Listen+"/sandbox/clock", "", "",
			map[string]any{"at": s.w.Clock.Now()})
		b := s.box.send("POST", "http://"+s.box.gateway.life.Listen+"/sandbox/settle", "", "", map[string]any{})
		if a.status != http.StatusOK || b.status != http.StatusOK {
			s.t.Fatalf("gateway: %d %d", a.status, b.status)
		}
		if b.body["steps"].(float64) == 0 {
			return
		}
	}
	s.t.Fatal("the sides never come to rest")
}

func (s *stage) until(to time.Time) {
	for s.w.Clock.Now().Before(to) {
		next := s.w.Clock.Now().Add(time.Hour)
		if next.After(to) {
			next = to
		}
		s.w.Clock.Set(next)
		s.run()
	}
}

func (s *stage) play(out *world) {
	s.t.Helper()
	w := s.w
	w.Must(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
		_, err := db.Exec(w.Ctx, tx, `INSERT INTO merchant (id, slug, business_number, name, representative, phone, email,
 story, category_id, region_id, bank_code, bank_account, bank_holder, state, created_at, version)
 VALUES ($1, $1, $1, '손칼국수', '김두레', '', 'shop@dure.test', '', '', '', '004', '12345678901', '손칼국수',
 'approved', 0, 1)`, string(shop))
		return err
	}))
	s.run()
	w.Must(w.Custody.PayIn(w.Ctx, apptest.Operator(), 5_000_000, "capital-1"))
	s.run()
	_, err := w.Custody.TopUp(w.Ctx, apptest.Operator(), 1_000_000)
	w.Must(err)
	s.run()
	d, o := w.OnSale(shop, nil)
	out.deal, out.option, s.option = string(d.ID), string(o.ID), o
	var used order.Order
	for i := range 3 {
		used = w.Buy(apptest.Buyer(i+1), d, o, 1)
	}
	s.run()
	list, err := voucher.OfOrder(w.Ctx, w.DB, used.ID)
	w.Must(err)
	_, err = w.Redeem.Do(w.Ctx, redeem.Cmd{Actor: apptest.Staff(shop, "brn_1"), MerchantID: shop, BranchID: "brn_1",
		Text: w.Keys.Face(list[0].ID), Units: 1, Nonce: "nonce-00000001"})
	w.Must(err)
	// Monday's use is stated in the night, confirmed by silence on Tuesday, and due on Wednesday morning.
	s.until(time.Date(2026, 3, 11, 9, 30, 0, 0, bizday.Seoul()))
}

// admit makes an account with an order to cancel or to use, and gives its token.
func (s *stage) admit(email string, out *world) string {
	s.t.Helper()
	id, token := s.person(email)
	actor := market.Actor{AccountID: id, Confirmed: true, Locale: "ko"}
	bought := s.w.Buy(actor, s.w.Deal(market.DealID(out.deal)), s.option, 1)
	s.run()
	list, err := voucher.OfOrder(context.Background(), s.w.DB, bought.ID)
	must(s.t, err)
	out.order, out.code = string(bought.ID), s.w.Keys.Face(list[0].ID)
	return token
}

// member makes an account that may take vouchers at the shop, and gives its token.
func (s *stage) member(email string) string {
	s.t.Helper()
	id, token := s.person(email)
	must(s.t, s.w.DB.Write(context.Background(), func(tx *db.Tx) error {
		_, err := db.Exec(context.Background(), tx, `INSERT INTO merchant_member (merchant_id, account_id, role, added_by,
 added_at) VALUES ($1, $2, 'owner', 'test', 0)`, string(shop), string(id))
		return err
	}))
	return token
}

func (s *stage) person(email string) (id market.AccountID, token string) {
	s.t.Helper()
	ctx := context.Background()
	hash, err := s.w.Hasher.Hash(ctx, "demo-only")
	must(s.t, err)
	id, err = s.w.Signup.Admit(ctx, market.System(), signup.AdmitCmd{Email: email, Name: "시험", Locale: "ko",
		PasswordHash: hash})
	must(s.t, err)
	granted, err := s.w.Signup.SignInForToken(ctx, market.Actor{Locale: "ko"},
		signup.SignInCmd{Email: email, Password: "demo-only"})
	must(s.t, err)
	return id, granted.Secret
}

// story is a journey of money, told by one who loses answers and asks again.
type story struct {
	name  string
	least int // places it passes
	do    func(p *pair, w world)
}

func stories() []story {
	return []story{
		{"pay", 6, func(p *pair, w world) {
			placed := p.patient(http.MethodPost, "/orders", "kill-order",
				map[string]any{"deal_id": w.deal, "option_id": w.option, "quantity": 1})
			p.patient(http.MethodPost, fmt.Sprintf("/orders/%v/payments", placed.body["id"]), "kill-pay",
				map[string]any{"method": "sandbox", "instrument": "ok"})
		}},
		{"cancel", 6, func(p *pair, w world) {
			p.patient(http.MethodPost, "/orders/"+w.order+"/cancel", "kill-cancel", nil)
		}},
		{"redeem", 2, func(p *pair, w world) {
			p.token = w.tokens["owner"]
			a := p.patient(http.MethodPost, "/redemptions", "kill-redeem",
				map[string]any{"code": w.code, "units": 1, "nonce": "nonce-kill-redeem"})
			if a.status != http.StatusCreated { // a yes once given is the answer for good
				p.t.Errorf("the scanner is told %d %v", a.status, a.body)
			}
		}},
		{"payout", 6, func(p *pair, _ world) {
			p.pass(31 * time.Minute) // past ten o'clock of the day on which it is due
		}},
	}
}

// tell tells a story in a copy of the world, with the platform killed at a place (0: nowhere) or the gateway at a
// point, and gives how everything stands when both have come to rest.
func (s story) tell(t *testing.T, w world, place int64, point string) (standing string, deaths int, places int64) {
	t.Helper()
	p := newPair(t, w, point)
	p.tell(fmt.Sprintf("arm?at=%d", place))
	s.do(p, w)
	for range 3 {
		p.rest()
	}
	if p.platform.deaths == 0 {
		must(t, json.Unmarshal(p.tell("places"), &places))
	}
	p.sound()
	books := p.bank(http.MethodGet, "/sandbox/books", nil).body
	for _, moving := range []string{"at", "webhooksLeft", "settlementPayouts"} {
		delete(books, moving) // told by other instants and ids each time
	}
	if payments, ok := books["payments"].(map[string]any); ok {
		delete(payments, "READY") // checkouts that nobody was told of, and such that were never charged: they expire
		delete(payments, "IN_PROGRESS")
	}
	theirs, err := json.Marshal(books)
	must(t, err)
	ours := p.tell("standing")
	p.stop()
	return string(ours) + string(theirs), p.platform.deaths + p.gateway.deaths, places
}

// TestWhoeverDies kills the platform at each place it passes, and the gateway at each of its points, while money is
// paid, taken back and paid out. Whoever dies when, both books end the same as if nobody had died.
func TestWhoeverDies(t *testing.T) {
	w := prepare(t)
	for _, s := range stories() {
		t.Run(s.name, func(t *testing.T) {
			want, deaths, places := s.tell(t, w, 0, "")
			if deaths != 0 || places < int64(s.least) {
				t.Fatalf("%d deaths, %d places", deaths, places)
			}
			t.Logf("%d places, and %d points of the gateway", places, len(sandbox.CrashPoints()))
			for place := int64(1); place <= places; place++ {
				t.Run(fmt.Sprintf("platform %d", place), func(t *testing.T) {
					got, deaths, _ := s.tell(t, w, place, "")
					if diff := cmp.Diff(want, got); diff != "" || deaths != 1 {
						t.Errorf("%d deaths: %s", deaths, diff)
					}
				})
			}
			killed := 0
			for _, point := range sandbox.CrashPoints() {
				t.Run("gateway "+string(point.Point), func(t *testing.T) {
					got, deaths, _ := s.tell(t, w, 0, string(point.Point))
					if diff := cmp.Diff(want, got); diff != "" {
						t.Error(diff)
					}
					killed += deaths
				})
			}
			if killed == 0 {
				t.Error("the gateway was never killed")
			}
		})
	}
}
