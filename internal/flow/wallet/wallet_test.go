package wallet_test

import (
	"errors"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/flow/wallet"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

const shop = market.MerchantID("mer_noodle")

func TestABuyerSeesWhatIsTheirsAndNothingElse(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d, o := w.OnSale(shop, nil)
		for n := range 3 {
			w.Buy(apptest.Buyer(n+1), d, o, 2)
		}
		w.Work()
		mine, err := w.Wallet.Orders(w.Ctx, apptest.Buyer(1), "")
		w.Must(err)
		if len(mine.List) != 1 || mine.More || mine.List[0].Bought.Title != titleOf(w, d.ID) {
			t.Fatalf("%+v", mine)
		}
		id := mine.List[0].ID
		receipt, err := w.Wallet.Order(w.Ctx, apptest.Buyer(1), id)
		w.Must(err)
		if receipt.Amount != 39_800 || len(receipt.Vouchers) != 2 || len(receipt.Payments) != 1 || receipt.Deal.ID != d.ID {
			t.Errorf("%+v", receipt)
		}
		vouchers, err := w.Wallet.Vouchers(w.Ctx, apptest.Buyer(1))
		w.Must(err)
		if len(vouchers.List) != 2 || vouchers.List[0].State != voucher.Active {
			t.Fatalf("%+v", vouchers)
		}
		ticket, err := w.Wallet.Voucher(w.Ctx, apptest.Buyer(1), vouchers.List[0].ID)
		w.Must(err)
		if ticket.Face != w.Keys.Face(ticket.ID) || ticket.Code != w.Keys.Code(ticket.ID) || len(ticket.FaceB) != 158 {
			t.Errorf("codes %q %q %q", ticket.Face, ticket.Code, ticket.FaceB)
		}
		for name, err := range map[string]error{
			"a foreign order":     second(w.Wallet.Order(w.Ctx, apptest.Buyer(2), id)),
			"no order":            second(w.Wallet.Order(w.Ctx, apptest.Buyer(2), "ord_none")),
			"a foreign voucher":   second(w.Wallet.Voucher(w.Ctx, apptest.Buyer(2), ticket.ID)),
			"no voucher":          second(w.Wallet.Voucher(w.Ctx, apptest.Buyer(2), "vch_none")),
			"the shop's own look": second(w.Wallet.Voucher(w.Ctx, apptest.Owner(shop), ticket.ID)),
		} {
			if !errors.Is(err, right.ErrHidden) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := w.Wallet.Order(w.Ctx, market.Actor{}, "ord_none"); !errors.Is(err, right.ErrSignIn) {
			t.Errorf("a guest: %v", err)
		}
		helping, err := w.Wallet.Voucher(w.Ctx, apptest.Operator(), ticket.ID)
		if err != nil || helping.Mine || helping.Face+helping.Code+helping.FaceB != "" {
			t.Errorf("the operator sees codes: %+v %v", helping, err)
		}
	})
}

func titleOf(w *apptest.World, id market.DealID) string {
	w.T.Helper()
	text, err := db.One(w.Ctx, w.DB, db.Scalar[string], `SELECT title FROM deal_terms WHERE deal_id = $1`, string(id))
	w.Must(err)
	return text
}

func second[T any](_ T, err error) error { return err }

func TestListsTurnTheirPages(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d, o := w.OnSale(shop, nil)
		var last order.Order
		for n := range 3 {
			last = w.Buy(apptest.Buyer(n+1), d, o, 1)
		}
		for range 22 {
			w.Clock.Advance(1)
			placed, err := w.Place(apptest.Buyer(3), d, o, 1)
			w.Must(err)
			_, err = w.Checkout.CancelHold(w.Ctx, apptest.Buyer(3), placed.Order.ID)
			w.Must(err)
		}
		seen := map[market.OrderID]bool{}
		page := wallet.Purchases{More: true}
		before := market.OrderID("")
		for page.More {
			var err error
			page, err = w.Wallet.Orders(w.Ctx, apptest.Buyer(3), before)
			w.Must(err)
			for _, one := range page.List {
				if seen[one.ID] {
					t.Fatalf("%s stands twice", one.ID)
				}
				seen[one.ID], before = true, one.ID
			}
		}
		if len(seen) != 23 || before != last.ID {
			t.Errorf("%d orders, the oldest %s", len(seen), before)
		}
	})
}

// TestWhatIsStoredHoldsNoSecret looks for a voucher's codes in every table that knows of it.
func TestWhatIsStoredHoldsNoSecret(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d, o := w.OnSale(shop, nil)
		for n := range 3 {
			w.Buy(apptest.Buyer(n+1), d, o, 1)
		}
		w.Work()
		list, err := w.Wallet.Vouchers(w.Ctx, apptest.Buyer(1))
		w.Must(err)
		ticket, err := w.Wallet.Voucher(w.Ctx, apptest.Buyer(1), list.List[0].ID)
		w.Must(err)
		staff := apptest.Staff(shop, "brn_1")
		_, err = w.Redeem.Do(w.Ctx, redeem.Cmd{Actor: staff, MerchantID: shop, BranchID: "brn_1", Text: ticket.FaceB,
			Units: 1, Nonce: "nonce-0001"})
		w.Must(err)
		w.Work()
		for _, secret := range []string{ticket.Face, ticket.Face[2:], ticket.Code,
			voucher.Grouped(ticket.Code), ticket.FaceB} {
			for _, text := range []string{
				`SELECT count(*) FROM voucher WHERE face_hash || code_hash || branches || use_rules || id LIKE $1`,
				`SELECT count(*) FROM redemption WHERE nonce || nonce_hash || id || annul_reason LIKE $1`,
				`SELECT count(*) FROM kit_event WHERE payload LIKE $1`,
				`SELECT count(*) FROM kit_job WHERE payload LIKE $1`,
			} {
				n, err := db.One(w.Ctx, w.DB, db.Scalar[int64], text, "%"+secret+"%")
				w.Must(err)
				if n != 0 {
					t.Errorf("%q stands in %s", secret, text)
				}
			}
		}
	})
}

func TestRefundsAreLookedAtBeforeTheyAreAsked(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d, o := w.OnSale(shop, nil)
		mine := w.Buy(apptest.Buyer(1), d, o, 2)
		w.Buy(apptest.Buyer(2), d, o, 1)
		w.Buy(apptest.Buyer(3), d, o, 1)
		w.Work()
		look, err := w.Refunds.Look(w.Ctx, apptest.Buyer(1), mine.ID)
		w.Must(err)
		if look.Amount != 39_800 || len(look.Vouchers) != 2 || look.Earlier != nil || look.DueAt.Before(w.Clock.Now()) {
			t.Fatalf("%+v", look)
		}
		one := look.Vouchers[0].ID
		if _, err := w.Refunds.LookVoucher(w.Ctx, apptest.Buyer(2), one); !errors.Is(err, right.ErrHidden) {
			t.Errorf("somebody else looks: %v", err)
		}
		back, err := w.Refunds.CancelVoucher(w.Ctx, apptest.Buyer(1), one)
		w.Must(err)
		again, err := w.Refunds.LookVoucher(w.Ctx, apptest.Buyer(1), one)
		w.Must(err)
		if again.Earlier == nil || again.Earlier.ID != back.ID || len(again.Vouchers) != 0 {
			t.Errorf("after it: %+v", again)
		}
		rest, err := w.Refunds.Look(w.Ctx, apptest.Buyer(1), mine.ID)
		if err != nil || rest.Amount != 19_900 {
			t.Errorf("the rest: %+v %v", rest, err)
		}
		w.Work()
		ended, err := w.Wallet.Ended(w.Ctx, apptest.Buyer(1), "")
		w.Must(err)
		if len(ended.List) != 1 || ended.List[0].ID != one {
			t.Errorf("ended: %+v", ended)
		}
		ticket, err := w.Wallet.Voucher(w.Ctx, apptest.Buyer(1), one)
		if err != nil || ticket.Refund == nil || ticket.Refund.ID != back.ID || ticket.Face != "" {
			t.Errorf("ticket %+v %v", ticket, err)
		}
	})
}
