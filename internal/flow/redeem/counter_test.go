package redeem_test

import (
	"errors"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

const (
	shop   = market.MerchantID("mer_noodle")
	branch = market.BranchID("brn_1")
)

func sold(w *apptest.World, change func(*deal.Offer)) []voucher.Voucher {
	w.T.Helper()
	d, o := w.OnSale(shop, change)
	var out []voucher.Voucher
	for n := range 3 {
		list, err := voucher.OfOrder(w.Ctx, w.DB, w.Buy(apptest.Buyer(n+1), d, o, 1).ID)
		w.Must(err)
		out = append(out, list...)
	}
	w.Work()
	return out
}

func scan(v voucher.Voucher, w *apptest.World, nonce string) redeem.Cmd {
	return redeem.Cmd{Actor: apptest.Staff(shop, branch), MerchantID: shop, BranchID: branch, Text: w.Keys.Face(v.ID),
		Units: 1, Nonce: nonce}
}

func TestEveryFaceOpensTheSameVoucher(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		list := sold(w, func(o *deal.Offer) { o.Options[0].Uses = 3 })
		v, err := voucher.Find(w.Ctx, w.DB, list[0].ID)
		w.Must(err)
		faceB, err := w.Keys.FaceB(v, w.Clock.Now())
		w.Must(err)
		for i, text := range []string{w.Keys.Face(v.ID), voucher.Grouped(w.Keys.Code(v.ID)), faceB} {
			cmd := scan(v, w, "nonce-000"+string(rune('1'+i)))
			cmd.Text = text
			look, err := w.Redeem.Check(w.Ctx, cmd.Actor, redeem.CheckCmd{MerchantID: shop, BranchID: branch, Text: text})
			if err != nil || look.Voucher.ID != v.ID || look.Refusal != nil {
				t.Fatalf("%q: %+v %v", text, look, err)
			}
			used, err := w.Redeem.Do(w.Ctx, cmd)
			if err != nil || used.Redemption.VoucherID != v.ID || used.Redemption.FirstUse != int64(i+1) {
				t.Fatalf("%q: %+v %v", text, used, err)
			}
		}
		stale := faceB[:len(faceB)-1] + "9"
		if _, err := w.Redeem.Do(w.Ctx, redeem.Cmd{Actor: apptest.Staff(shop, branch), MerchantID: shop, BranchID: branch,
			Text: stale, Units: 1, Nonce: "nonce-0009"}); !errors.Is(err, voucher.ErrUnknown) {
			t.Errorf("a forged face: %v", err)
		}
	})
}

func TestTheCounterGreetsAndShowsMoneyOnlyToThoseWhoLead(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		list := sold(w, nil)
		w.Must(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
			return account.Insert(w.Ctx, tx, account.Account{ID: apptest.Buyer(1).AccountID, Email: "kim@example.com",
				EmailKey: "kim@example.com", Name: "김나영", Locale: "ko", ConfirmedAt: tx.Now(), CreatedAt: tx.Now()})
		}))
		look, err := w.Redeem.Check(w.Ctx, apptest.Staff(shop, branch), redeem.CheckCmd{MerchantID: shop, BranchID: branch,
			Text: w.Keys.Face(list[0].ID)})
		if err != nil || look.Guest != "김○영" || look.Visits != 0 {
			t.Fatalf("%+v %v", look, err)
		}
		_, err = w.Redeem.Do(w.Ctx, scan(list[0], w, "nonce-0001"))
		w.Must(err)
		for _, c := range []struct {
			actor    market.Actor
			earned   int64
			undoable bool
		}{{apptest.Staff(shop, branch), 0, true}, {apptest.Owner(shop), 17_275, true}, {apptest.Operator(), 17_275, false}} {
			today, err := w.Redeem.Today(w.Ctx, c.actor, shop, branch)
			w.Must(err)
			if len(today) != 1 || today[0].Guest != "김○영" || today[0].Undoable != c.undoable ||
				c.earned == 0 != (today[0].Earned() == 0) || c.earned != 0 && today[0].Earned() != today[0].Net {
				t.Errorf("%s: %+v", c.actor.AccountID, today)
			}
		}
		for _, actor := range []market.Actor{apptest.Buyer(1), apptest.Owner("mer_other")} {
			if _, err := w.Redeem.Today(w.Ctx, actor, shop, branch); !errors.Is(err, right.ErrHidden) {
				t.Errorf("%s: %v", actor.AccountID, err)
			}
		}
		w.Clock.Advance(11 * time.Minute)
		mine, err := w.Redeem.Today(w.Ctx, apptest.Staff(shop, branch), shop, branch)
		w.Must(err)
		if mine[0].Undoable {
			t.Error("a scan of eleven minutes ago can still be undone by whoever scanned")
		}
		w.Clock.Advance(24 * time.Hour)
		if tomorrow, err := w.Redeem.Today(w.Ctx, apptest.Owner(shop), shop, ""); err != nil || len(tomorrow) != 0 {
			t.Errorf("the next day: %+v %v", tomorrow, err)
		}
	})
}

func TestAUsedVoucherSaysWhenAndWhere(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		list := sold(w, nil)
		at := w.Clock.Now()
		_, err := w.Redeem.Do(w.Ctx, scan(list[0], w, "nonce-0001"))
		w.Must(err)
		w.Clock.Advance(time.Hour)
		_, err = w.Redeem.Do(w.Ctx, scan(list[0], w, "nonce-0002"))
		e, ok := fail.As(err)
		if !ok || !errors.Is(err, voucher.ErrAlreadyUsed) {
			t.Fatal(err)
		}
		if when, ok := e.Args["At"].(time.Time); !ok || !when.Equal(at) || e.Args["BranchID"] != string(branch) {
			t.Errorf("%+v", e.Args)
		}
	})
}

func TestPlacesAreWhereOneMayTakeVouchers(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		places, err := w.Redeem.Places(w.Ctx, apptest.Staff(shop, branch))
		if err != nil || len(places) != 1 || places[0].BranchID != branch {
			t.Errorf("without branches in the books: %+v %v", places, err)
		}
		w.Shop(shop, "할매손칼국수", "성수 본점", "뚝섬점")
		owner, err := w.Redeem.Places(w.Ctx, apptest.Owner(shop))
		if err != nil || len(owner) != 2 || owner[0].Merchant != "할매손칼국수" {
			t.Errorf("owner: %+v %v", owner, err)
		}
		scanner, err := w.Redeem.Places(w.Ctx, apptest.Staff(shop, owner[0].BranchID))
		if err != nil || len(scanner) != 1 || scanner[0].Branch != owner[0].Branch {
			t.Errorf("scanner: %+v %v", scanner, err)
		}
		if nobody, err := w.Redeem.Places(w.Ctx, apptest.Buyer(1)); err != nil || len(nobody) != 0 {
			t.Errorf("buyer: %+v %v", nobody, err)
		}
	})
}
