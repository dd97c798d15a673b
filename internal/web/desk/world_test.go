package desk_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/load"
	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/picture"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/voucher"
	"github.com/dure-commerce/dure/internal/web/desk"
	"github.com/dure-commerce/dure/internal/web/desk/editor"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
)

const (
	shop   = market.MerchantID("mer_noodle")
	other  = market.MerchantID("mer_other")
	branch = market.BranchID("brn_1")
)

// world is a town with two shops, and a browser at the desk.
type world struct {
	*apptest.World
	*requesttest.Browser
	uses int
}

func open(t *testing.T) *world {
	t.Helper()
	return openWith(t, func(*world, *request.Frame, *http.ServeMux) {})
}

// openWith is open with further addresses.
func openWith(t *testing.T, more func(*world, *request.Frame, *http.ServeMux)) *world {
	t.Helper()
	d, tw := dbtest.SQLite(t)
	w := &world{World: apptest.New(t, d, tw.Clock)}
	f := requesttest.Frame(t, d)
	mux := http.NewServeMux()
	deps := desk.Deps{Frame: f, DB: d, Publish: w.Publish, Tipping: w.Tipping, Settle: w.Settle, Feedback: w.Feedback,
		Media: w.Media, Maker: picture.NewMaker(picture.Limits{}), PayoutDay: w.PayoutDay}
	desk.Routes(mux, deps)
	editor.Routes(mux, deps)
	_, err := load.New(d).Seed(w.Ctx, market.System())
	w.Must(err)
	more(w, f, mux)
	mux.Handle("/", f.Missing())
	w.Browser = requesttest.Open(t, f, mux)
	for id, name := range map[market.MerchantID]string{shop: "할매손칼국수", other: "느린물"} {
		w.exec(`INSERT INTO merchant (id, slug, business_number, name, representative, phone, email, story, category_id,
 region_id, bank_code, bank_account, bank_holder, state, created_at, version)
 VALUES ($1, $1, $1, $2, 'x', 'x', 'x', '', 'eat.noodle', 'district_11040', '004', '110123456789', 'x',
 'approved', 1, 1)`,
			string(id), name)
		w.exec(`INSERT INTO merchant_branch (id, merchant_id, name, address, region_id, latitude_e7, longitude_e7, phone,
 hours, version) VALUES ($1, $2, '본점', '', 'district_11040', 0, 0, '', '{}', 1)`,
			map[market.MerchantID]string{shop: string(branch), other: "brn_2"}[id], string(id))
	}
	w.person("acc_owner", "김주인", "owner", shop)
	w.person("acc_scan", "박직원", "scan", shop)
	w.person("acc_other", "이다른", "owner", other)
	w.person("acc_nobody", "최손님", "", "")
	return w
}

func (w *world) exec(text string, args ...any) {
	w.T.Helper()
	w.Must(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
		_, err := db.Exec(w.Ctx, tx, text, args...)
		return err
	}))
}

func (w *world) person(id market.AccountID, name, role string, at market.MerchantID) {
	w.T.Helper()
	w.Must(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
		return account.Insert(context.Background(), tx, account.Account{ID: id, Email: string(id) + "@example.com",
			EmailKey: string(id) + "@example.com", Name: name, Locale: "ko", ConfirmedAt: tx.Now(), CreatedAt: tx.Now()})
	}))
	if role != "" {
		w.exec(`INSERT INTO merchant_member (merchant_id, account_id, role, added_by, added_at) VALUES ($1, $2, $3, $2, 1)`,
			string(at), string(id), role)
	}
}

// as gives a browser of somebody.
func (w *world) as(id market.AccountID) *requesttest.Browser {
	b := w.Another()
	b.SignIn(w.DB, id)
	return b
}

// use scans a voucher of an order.
func (w *world) use(o order.Order) voucher.Redemption {
	w.T.Helper()
	list, err := voucher.OfOrder(w.Ctx, w.DB, o.ID)
	w.Must(err)
	w.uses++
	used, err := w.Redeem.Do(w.Ctx, redeem.Cmd{Actor: apptest.Staff(shop, branch), MerchantID: shop, BranchID: branch,
		Text: w.Keys.Face(list[0].ID), Units: 1, Nonce: "nonce-0000" + string(rune('0'+w.uses))})
	w.Must(err)
	return used.Redemption
}

// buyers puts names to the accounts of apptest's buyers.
func (w *world) buyers(names ...string) {
	for i, name := range names {
		w.person(apptest.Buyer(i+1).AccountID, name, "", "")
	}
}
