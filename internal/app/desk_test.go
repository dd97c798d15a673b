package app_test

import (
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// TestTheDeskReadsWhatTheBookSays holds every figure of the desk against the ledger, on both engines.
func TestTheDeskReadsWhatTheBookSays(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d, o := w.OnSale(shop, nil)
		first := w.Buy(apptest.Buyer(1), d, o, 2)
		w.Buy(apptest.Buyer(2), d, o, 1)
		w.Buy(apptest.Buyer(3), d, o, 1)
		list, err := voucher.OfOrder(w.Ctx, w.DB, first.ID)
		w.Must(err)
		used, err := w.Redeem.Do(w.Ctx, redeem.Cmd{Actor: apptest.Staff(shop, "brn_1"), MerchantID: shop, BranchID: "brn_1",
			Text: w.Keys.Face(list[0].ID), Units: 1, Nonce: "nonce-00001"})
		w.Must(err)
		w.Work()
		var b report.Board
		w.Must(w.DB.Read(w.Ctx, func(q *db.ReadTx) error {
			b, err = report.LoadBoard(w.Ctx, q, shop, w.Clock.Now())
			return err
		}))
		lead, ok := b.Lead()
		if !ok || lead.Deal.ID != d.ID || lead.Deal.People != 3 || lead.Price != 19_900 {
			t.Fatalf("%+v", lead)
		}
		kept := balance(w, ledger.Pledge, string(d.ID)) + balance(w, ledger.Unredeemed, string(d.ID))
		if b.Held.Won != kept || kept != 3*19_900 || b.Held.Vouchers != 3 {
			t.Errorf("held %+v, in the book %d", b.Held, kept)
		}
		if b.Today.Net != used.Redemption.Net || b.Today.Uses != 1 || b.Today.Guests != 1 || b.Today.Joined != 3 {
			t.Errorf("today %+v", b.Today)
		}
		if b.Money.Pending != balance(w, ledger.Pending, string(shop)) || b.Money.Pending != used.Redemption.Net {
			t.Errorf("money %+v", b.Money)
		}
		kinds := map[report.Happened]int64{}
		for _, m := range b.Moments {
			kinds[m.Kind] += m.Won
		}
		if kinds[report.Bought] != 4*19_900 || kinds[report.Used] != 17_274 || len(b.Moments) != 5 {
			t.Errorf("moments %+v", b.Moments)
		}
		sums, err := report.Sums(w.Ctx, w.DB, d)
		if err != nil || sums != (report.SaleSum{Orders: 3, Units: 4, Won: 4 * 19_900, Used: 1, Net: 17_274}) {
			t.Errorf("sums %+v %v", sums, err)
		}
		sales, err := report.Sales(w.Ctx, w.DB, d.ID, report.SalePage{Limit: 2})
		if err != nil || len(sales) != 2 || sales[0].UsedUnits != 1 || sales[0].UsesAll != 2 || sales[0].Net != 17_274 {
			t.Fatalf("sales %+v %v", sales, err)
		}
		rest, err := report.Sales(w.Ctx, w.DB, d.ID, report.SalePage{After: sales[1].OrderID, Passed: 2, Limit: 2})
		if err != nil || len(rest) != 1 || rest[0].Number != 3 {
			t.Errorf("rest %+v %v", rest, err)
		}
		afterTheDay(w, used.Redemption)
	})
}

// afterTheDay follows a use into its statement.
func afterTheDay(w *apptest.World, used voucher.Redemption) {
	w.T.Helper()
	w.Clock.Set(w.Clock.Now().Truncate(24 * time.Hour).Add(15*time.Hour + 15*time.Minute))
	w.Work()
	w.Pass(24 * time.Hour)
	list, err := report.Statements(w.Ctx, w.DB, shop, 0, 5)
	if err != nil || len(list) != 1 || list[0].Net != used.Net || list[0].Lines != 1 {
		w.T.Fatalf("statements %+v %v", list, err)
	}
	lines, err := report.LinesOf(w.Ctx, w.DB, list[0].ID, 0, 5)
	if err != nil || len(lines) != 1 || lines[0].Number != list[0].FirstSeq || lines[0].Net != used.Net {
		w.T.Errorf("lines %+v %v", lines, err)
	}
	latest, err := report.Latest(w.Ctx, w.DB, shop, 5)
	if err != nil || len(latest) != 1 || !report.Gapless(latest) {
		w.T.Errorf("latest %+v %v", latest, err)
	}
	if _, found, err := report.FindStatement(w.Ctx, w.DB, "stm_none"); found || err != nil {
		w.T.Errorf("a statement that is not there: %v %v", found, err)
	}
	for name, read := range map[string]func() error{
		"payouts": func() error { _, err := report.Payouts(w.Ctx, w.DB, shop, 5); return err },
		"words":   func() error { _, err := report.Words(w.Ctx, w.DB, shop, time.Time{}, 5); return err },
		"places":  func() error { _, err := report.Places(w.Ctx, w.DB, shop); return err },
		"shops":   func() error { _, err := report.Shops(w.Ctx, w.DB, []market.MerchantID{shop, "x"}); return err },
		"quiet":   func() error { _, _, err := report.Quiet(w.Ctx, w.DB, shop, w.Clock.Now()); return err },
	} {
		if err := read(); err != nil {
			w.T.Errorf("%s: %v", name, err)
		}
	}
}
