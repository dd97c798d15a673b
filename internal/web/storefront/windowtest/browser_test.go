package windowtest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/live"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/web/e2e"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
	"github.com/dure-commerce/dure/internal/web/storefront"
	"github.com/dure-commerce/dure/internal/web/stream"
	"github.com/dure-commerce/dure/internal/web/ui/art"
	"github.com/dure-commerce/dure/internal/web/ui/asset"
)

// renamed serves a handler whose addresses in headers are those of the test's own listeners.
func renamed(h http.Handler, names *strings.Replacer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(&renaming{w, names}, r)
	})
}

type renaming struct {
	http.ResponseWriter
	names *strings.Replacer
}

func (w *renaming) WriteHeader(status int) {
	for _, name := range []string{"Location", "Content-Security-Policy"} {
		if value := w.Header().Get(name); value != "" {
			w.Header().Set(name, w.names.Replace(value))
		}
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *renaming) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// street is a town whose pages and payment window a real browser can open.
func street(t *testing.T) (town, string) {
	t.Helper()
	d, tw := dbtest.SQLite(t)
	w := apptest.New(t, d, tw.Clock)
	places(t, w)
	member(t, w, shop, "할매손칼국수")
	f := requesttest.Frame(t, d)
	hub, err := live.New(live.Options{IDs: d.IDs(), Log: f.Log})
	w.Must(err)
	hub.Attach(d)
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", asset.Handler())
	mux.Handle("GET "+art.Prefix, art.Handler())
	stream.Routes(mux, stream.Deps{Frame: f, DB: d, Hub: hub})
	var pages, window *httptest.Server
	var names strings.Replacer
	window = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		renamed(w.Sandbox.Handler(), &names).ServeHTTP(rw, r)
	}))
	storefront.Routes(mux, storefront.Deps{Frame: f, DB: d, Follow: w.Follow, Checkout: w.Checkout, Deals: w.Deals,
		Entries: w.Entries, PayOrigins: []string{window.URL}})
	mux.Handle("/", f.Missing())
	outer := http.NewServeMux()
	pages = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		renamed(outer, &names).ServeHTTP(rw, r)
	}))
	t.Cleanup(window.Close)
	t.Cleanup(pages.CloseClientConnections)
	names = *strings.NewReplacer("http://sandbox", window.URL, "http://dure.test", pages.URL)
	one := town{World: w, t: t}
	buyer := one.account(1)
	outer.Handle("GET /enter", f.Handle(func(r *request.Request) error { return one.enter(r, buyer.AccountID) }))
	outer.Handle("/", mux)
	return one, pages.URL
}

func TestABuyerPaysInTheBrowser(t *testing.T) {
	for name, noScript := range map[string]bool{"with script": false, "without script": true} {
		t.Run(name, func(t *testing.T) {
			w, address := street(t)
			d, option := w.sale(func(o *deal.Offer) { o.Regions = []market.RegionID{seongsu} })
			w.Buy(apptest.Buyer(7), d, option, 1)
			page := e2e.Browser(t, e2e.Options{Width: 360, Height: 760, NoScript: noScript})
			page.Goto(address + "/enter")
			page.See("손칼국수 두 그릇에 만두")
			page.Goto(address + "/d/" + string(d.ID))
			page.See("안 모이면 전액 돌려드려요.")
			if !noScript { // somebody else joins: the ring moves before one's eyes
				w.Buy(apptest.Buyer(8), d, option, 1)
				page.See("2명")
			}
			page.Click("19,900원에 함께하기")
			page.Fill("몇 장 살까요?", "2")
			page.Click("구성, 이용 조건, 환불 조건과 대금 보관 방식을 읽었고")
			page.Click("10분 동안 자리 잡기")
			page.See("자리를 잡아 두었어요")
			if !noScript {
				page.Accessible()
			}
			page.Click("39,800원 결제하기")
			page.See("연습용 결제창")
			page.Click("결제하지 않고 돌아가기")
			page.See("돈은 나가지 않았")
			page.Click("39,800원 결제하기")
			page.See("연습용 결제창")
			page.Click("39,800원 결제하기")
			page.See("값을 냈어요. 고마워요!")
			page.Screenshot("paid")
		})
	}
}
