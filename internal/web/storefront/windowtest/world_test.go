package windowtest

import (
	"net/http"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/hours"
	"github.com/dure-commerce/dure/internal/kit/session"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
	"github.com/dure-commerce/dure/internal/web/storefront"
)

const (
	shop          = market.MerchantID("mer_noodle")
	seongsu       = market.RegionID("neighbourhood_1104068")
	sandboxOrigin = "http://sandbox"
)

// town is a small world with pages over it.
type town struct {
	*apptest.World
	t *testing.T
	b *requesttest.Browser
}

// open makes a town on SQLite: a country, a district, a neighbourhood, categories and one noodle shop.
func open(t *testing.T) town {
	t.Helper()
	d, tw := dbtest.SQLite(t)
	w := apptest.New(t, d, tw.Clock)
	places(t, w)
	member(t, w, shop, "할매손칼국수")
	f := requesttest.Frame(t, d)
	f.Base = "http://dure.test"
	mux := http.NewServeMux()
	storefront.Routes(mux, storefront.Deps{Frame: f, DB: d, Follow: w.Follow, Checkout: w.Checkout, Deals: w.Deals,
		Entries: w.Entries, PayOrigins: []string{sandboxOrigin}, Painter: w.Painter, Media: w.Media})
	mux.Handle("/", f.Missing())
	return town{w, t, requesttest.Open(t, f, mux)}
}

func places(t testing.TB, w *apptest.World) {
	t.Helper()
	kinds, err := category.Shipped()
	w.Must(err)
	shipped, err := region.Shipped()
	w.Must(err)
	w.Must(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
		if err := category.Put(w.Ctx, tx, kinds); err != nil {
			return err
		}
		var rows []region.Stored
		for _, k := range shipped {
			if k.Level == region.Country || k.Level == region.Province || k.Code == "11040" {
				k.Version = 1
				rows = append(rows, region.Stored{Region: k.Region, Search: k.Name})
			}
		}
		rows = append(rows, region.Stored{Region: region.Region{ID: seongsu, ParentID: "district_11040",
			Level: region.Neighbourhood, Code: "1104068", Name: "성수동", NameEN: "Seongsu-dong",
			FullName: "서울특별시 성동구 성수동", FullNameEN: "Seongsu-dong, Seongdong-gu, Seoul", Version: 1},
			Search: "\n서울특별시성동구성수동\nㅅㅇㅌㅂㅅㅅㄷㄱㅅㅅㄷ"})
		return region.Insert(w.Ctx, tx, rows)
	}))
}

// member writes an approved shop with one branch that is open from ten to ten.
func member(t testing.TB, w *apptest.World, id market.MerchantID, name string) {
	t.Helper()
	number := map[market.MerchantID]string{shop: "1234567891", "mer_far": "2208162517"}
	day := `[{"from":600,"to":1320}]`
	week := `{"week":[` + day + `,null,` + day + `,` + day + `,` + day + `,` + day + `,` + day + `]}`
	w.Must(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(w.Ctx, tx, `INSERT INTO merchant (id, slug, business_number, name, representative, phone, email,
 story, category_id, region_id, bank_code, bank_account, bank_holder, state, approved_at, created_at, version)
 VALUES ($1, $1, $5, $2, '김순자', '024661234', 'shop@example.com', '새벽 네 시에 반죽을 칩니다.', 'eat.noodle', $3,
 '', '', '', 'approved', $4, $4, 1)`, string(id), name, string(seongsu), db.Micros(tx.Now()), number[id]); err != nil {
			return err
		}
		_, err := db.Exec(w.Ctx, tx, `INSERT INTO merchant_branch (id, merchant_id, name, address, region_id, latitude_e7,
 longitude_e7, phone, hours, version) VALUES ($1, $2, '성수 본점', '서울 성동구 성수이로 18길 7', $3, 375445000, 1270560000, '',
 $4, 1)`, "brn_"+string(id), string(id), string(seongsu), week)
		return err
	}))
}

// sale puts a noodle deal on sale in the neighbourhood.
func (w town) sale(change func(*deal.Offer)) (deal.Deal, deal.Option) {
	w.t.Helper()
	return w.OnSale(shop, func(o *deal.Offer) {
		o.Regions, o.CategoryID = []market.RegionID{seongsu}, "eat.noodle"
		if change != nil {
			change(o)
		}
	})
}

// account makes a confirmed buyer.
func (w town) account(n int) market.Actor {
	w.t.Helper()
	buyer := apptest.Buyer(n)
	w.Must(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
		return account.Insert(w.Ctx, tx, account.Account{ID: buyer.AccountID, Email: string(buyer.AccountID) + "@example.com",
			EmailKey: string(buyer.AccountID) + "@example.com", Name: buyer.Name, Locale: "ko", ConfirmedAt: tx.Now(),
			CreatedAt: tx.Now()})
	}))
	return buyer
}

// signIn makes the browser a confirmed buyer's.
func (w town) signIn(b *requesttest.Browser, n int) market.Actor {
	w.t.Helper()
	buyer := w.account(n)
	b.SignIn(w.DB, buyer.AccountID)
	return buyer
}

// enter signs a real browser in.
func (w town) enter(r *request.Request, id market.AccountID) error {
	opened := ""
	err := w.DB.Write(r.Context(), func(tx *db.Tx) error {
		a, err := account.Find(r.Context(), tx, id)
		if err == nil {
			opened, err = account.Open(r.Context(), tx, a, "browser", "192.0.2.1")
		}
		return err
	})
	if err != nil {
		return err
	}
	if err := r.Enter(session.Identity{SessionID: opened}); err != nil {
		return err
	}
	return r.Redirect("/")
}

// lunch are rules that allow only weekdays at noon.
func lunch() hours.Rules {
	return hours.Rules{Weekdays: []int{1, 2, 3, 4, 5}, From: "11:00", To: "14:00",
		Blackout: []string{"2040-01-02"}}
}
