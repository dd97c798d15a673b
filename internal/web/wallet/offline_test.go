package wallet_test

import (
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/voucher"
	"github.com/dure-commerce/dure/internal/web/e2e"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/art"
	"github.com/dure-commerce/dure/internal/web/ui/asset"
	"github.com/dure-commerce/dure/internal/web/wallet"
)

// TestAnOpenedVoucherOpensWithoutANetworkUntilItsHolderLeaves walks a voucher into a cellar and out of an account.
func TestAnOpenedVoucherOpensWithoutANetworkUntilItsHolderLeaves(t *testing.T) {
	s := open(t)
	_, mine := s.sold(3, nil)
	list := s.vouchers(mine.ID)
	kept := "/vouchers/" + string(list[0].ID)
	address, down := s.throughALine(t)
	p := e2e.Browser(t, e2e.Options{})
	for _, part := range []string{"/live", "ERR_EMPTY_RESPONSE", "ERR_FAILED", "404"} {
		p.Allow(part)
	}
	p.Goto(address + "/hello")
	var status int
	p.Evaluate(fmt.Sprintf(`fetch("/requesttest/enter", {method: "POST", redirect: "manual",
		headers: {"Requesttest-Session": %q}}).then((a) => a.status)`, s.session(s.buyers[0])), &status)

	p.Goto(address + kept)
	p.See("인터넷 없이도 열려요")
	p.Accessible()
	var pages []string
	p.Evaluate(`caches.open("dure-vouchers").then((c) => c.keys())
		.then((all) => all.map((one) => new URL(one.url).pathname).filter((path) => path.startsWith("/vouchers/vch_")))`,
		&pages)
	if len(pages) != 1 || pages[0] != kept {
		t.Errorf("kept pages: %v", pages)
	}
	p.Screenshot("kept")
	down.Store(true)
	p.Goto(address + kept)
	p.See(voucher.Grouped(s.Keys.Code(list[0].ID)), "인터넷 없이도 열려요")
	var styled bool
	p.Evaluate(`getComputedStyle(document.querySelector(".ticket > .code")).display === "grid"`, &styled)
	if !styled {
		t.Error("without a network the page has lost its style")
	}
	p.Screenshot("without-network")

	down.Store(false)
	p.Goto(address + kept)
	p.Evaluate(`fetch("/signout", {method: "POST"}).then((a) => a.status)`, &status)
	p.Goto(address + "/hello")
	var left bool
	p.Until("the vouchers to be forgotten", func() bool {
		p.Evaluate(`caches.has("dure-vouchers")`, &left)
		return !left
	})
	var stored int
	p.Evaluate(`localStorage.length`, &stored)
	if stored != 0 {
		t.Errorf("%d texts are left in the browser", stored)
	}
}

// session opens a sign-in and gives its id.
func (s *site) session(actor market.Actor) string {
	s.T.Helper()
	var id string
	s.Must(s.DB.Write(s.Ctx, func(tx *db.Tx) error {
		a, err := account.Find(s.Ctx, tx, actor.AccountID)
		if err == nil {
			id, err = account.Open(s.Ctx, tx, a, "browser", "127.0.0.1")
		}
		return err
	}))
	return id
}

// throughALine serves the wallet, a page that greets anybody and a way out; the line can go down.
func (s *site) throughALine(t *testing.T) (string, *atomic.Bool) {
	t.Helper()
	frame := requesttest.Frame(t, s.DB)
	down := &atomic.Bool{}
	site := http.NewServeMux()
	site.Handle("GET "+asset.Prefix, asset.Handler())
	site.Handle("GET "+art.Prefix, art.Handler())
	site.Handle("POST /signout", frame.Handle(func(r *request.Request) error {
		if err := r.Leave(); err != nil {
			return err
		}
		return r.Redirect("/hello")
	}))
	site.Handle("GET /hello", frame.Handle(func(r *request.Request) error { return r.Render(ui.Shell(r.Page("안녕"))) }))
	wallet.Routes(site, wallet.Deps{Frame: frame, Wallet: s.Wallet, Refunds: s.Refunds, Feedback: s.Feedback})
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if down.Load() {
			panic(http.ErrAbortHandler)
		}
		site.ServeHTTP(w, r)
	})
	return requesttest.Open(t, frame, mux).Address(), down
}
