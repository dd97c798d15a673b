package fulfil_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/deliver/delivertest"
	"github.com/dure-commerce/dure/internal/flow/load"
	"github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/console"
	"github.com/dure-commerce/dure/internal/web/console/disputes"
	"github.com/dure-commerce/dure/internal/web/desk"
	"github.com/dure-commerce/dure/internal/web/desk/choice"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
	"github.com/dure-commerce/dure/internal/web/tender"
	"github.com/dure-commerce/dure/internal/web/tender/fulfil"
	"github.com/dure-commerce/dure/internal/web/ui"
)

const (
	potter = market.MerchantID("mer_potter")
	other  = market.MerchantID("mer_other")
)

// world is a town with two approved shops, a stranger, an operator, and their browsers.
type world struct {
	*apptest.World
	door *requesttest.Browser
	f    *request.Frame
	mux  *http.ServeMux
}

func open(t *testing.T) *world {
	t.Helper()
	d, tw := dbtest.SQLite(t)
	w := &world{World: apptest.New(t, d, tw.Clock), f: requesttest.Frame(t, d), mux: http.NewServeMux()}
	_, err := load.New(d).Seed(w.Ctx, market.System())
	w.Must(err)
	at := desk.Deps{Frame: w.f, DB: d}
	deps := tender.Deps{Frame: w.f, DB: d, Auction: w.Auction, Deposits: w.Deposits,
		PayOrigins: []string{"http://sandbox"}, Enroll: w.Enroll, Announce: w.Announce, Media: w.Media,
		Maker: w.Maker, Shop: at.Shop, Switch: choice.Switch,
		Page: func(r *request.Request, shop report.Shop, title string) ui.Page {
			return at.Page(r, shop, desk.AtWanted, title)
		}}
	tender.Routes(w.mux, deps)
	fulfil.Routes(w.mux, fulfil.Deps{Deps: deps, Fund: w.Fund, Deliver: w.Deliver})
	disputes.Routes(w.mux, disputes.Deps{Frame: w.f, DB: d, Deliver: w.Deliver, Auction: w.Auction, Nav: console.Nav})
	w.mux.Handle("/", w.f.Missing())
	w.door = requesttest.Open(t, w.f, w.mux)
	for id, name := range map[market.MerchantID]string{potter: "연남 공방", other: "느린 그릇"} {
		w.Shop(id, name, "본점")
		w.Approve(id)
		w.Account(apptest.Owner(id), name+" 주인")
	}
	w.Account(apptest.Staff(potter, ""), "박직원")
	w.Account(apptest.Operator(), "나누리")
	w.Account(market.Actor{AccountID: "acc_finance", Staff: market.RoleFinance}, "셈하나")
	w.Account(market.Actor{AccountID: "acc_stranger"}, "정여름")
	return w
}

// as is the browser of somebody.
func (w *world) as(id market.AccountID) *requesttest.Browser {
	w.T.Helper()
	b := w.door.Another()
	b.SignIn(w.DB, id)
	return b
}

func (w *world) owner(id market.MerchantID) *requesttest.Browser {
	return w.as(apptest.Owner(id).AccountID)
}

// wish posts a wish of a class, for which twelve people are firm.
func (w *world) wish(kind bid.Kind) market.WishID {
	w.T.Helper()
	one, err := w.Wanted.Post(w.Ctx, apptest.Buyer(1), wanted.PostCmd{Draft: wish.Draft{Name: "주말 도예 수업",
		CategoryID: "learn.class", TopPrice: 20_000}, Bids: kind, Key: "post"})
	w.Must(err)
	for n := 2; n <= 12; n++ {
		_, err := w.Wanted.Join(w.Ctx, wanted.JoinCmd{Actor: apptest.Buyer(n), WishID: one.ID, Kind: wish.Firm})
		w.Must(err)
	}
	return one.ID
}

// offer are the fields of an offer at a price.
func (w *world) offer(price string, more ...string) []string {
	return append([]string{"act", "place", "unit_price", price, "quantity", "5", "delivery", "shipping", "promised_by",
		w.Clock.Now().AddDate(0, 0, 30).Format("2006-01-02"), "note", "물레로 하나씩 빚어요."}, more...)
}

// served is a wish whose members have paid the potter, each under an order of its own.
func (w *world) served(n int) (market.WishID, []market.OrderID) {
	w.T.Helper()
	c := delivertest.Crowd{Wish: "wsh_served", Seller: potter, Way: escrow.ByParcel}
	var ids []market.OrderID
	for i := range n {
		m := delivertest.Paid{OrderID: market.OrderID(fmt.Sprintf("ord_%026d", 70_000_000+i)),
			AccountID: w.Account(apptest.Buyer(100+i), fmt.Sprint("회원", i)).AccountID}
		c.Members, ids = append(c.Members, m), append(ids, m.OrderID)
	}
	w.Must(c.Begin(w.Ctx, w.DB))
	return c.Wish, ids
}

func want(t *testing.T, what string, a requesttest.Answer, status int, texts ...string) {
	t.Helper()
	if a.Status != status {
		t.Errorf("%s: %d to %q, want %d", what, a.Status, a.Location, status)
	}
	for _, text := range texts {
		if !a.Has(text) {
			t.Errorf("%s does not say %q", what, text)
		}
	}
}
