package app_test

import (
	"errors"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

const shop = market.MerchantID("mer_noodle")

func balance(w *apptest.World, account ledger.Account, party string) int64 {
	w.T.Helper()
	won, err := ledger.Balance(w.Ctx, w.DB, account, party)
	w.Must(err)
	return won
}

func TestFromDraftToUse(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d, o := w.OnSale(shop, nil)
		first := w.Buy(apptest.Buyer(1), d, o, 2)
		w.Buy(apptest.Buyer(2), d, o, 1)
		if now := w.Deal(d.ID); now.Tipped() || now.People != 2 || now.PaidUnits != 3 || now.PaidWon != 3*19_900 {
			t.Fatalf("before the point: %+v", now)
		}
		if got := balance(w, ledger.Pledge, string(d.ID)); got != 3*19_900 {
			t.Fatalf("pledged %d", got)
		}
		list, err := voucher.OfOrder(w.Ctx, w.DB, first.ID)
		w.Must(err)
		face := w.Keys.Face(list[0].ID)
		scan := redeem.Cmd{Actor: apptest.Staff(shop, "brn_1"), MerchantID: shop, BranchID: "brn_1", Text: face, Units: 1,
			Nonce: "nonce-00001"}
		if _, err := w.Redeem.Do(w.Ctx, scan); !errors.Is(err, voucher.ErrNotTipped) {
			t.Fatalf("scan before the point: %v", err)
		}
		w.Buy(apptest.Buyer(3), d, o, 1)
		if !w.Deal(d.ID).Tipped() {
			t.Fatal("three people did not tip it")
		}
		used, err := w.Redeem.Do(w.Ctx, scan)
		w.Must(err)
		if used.Redemption.Net != 17_274 || used.Redemption.Price != 19_900 {
			t.Fatalf("redeemed %+v", used.Redemption)
		}
		again, err := w.Redeem.Do(w.Ctx, scan)
		if err != nil || !again.Again || again.Redemption.ID != used.Redemption.ID {
			t.Fatalf("the same scan: %+v %v", again, err)
		}
		scan.Nonce = "nonce-00002"
		if _, err := w.Redeem.Do(w.Ctx, scan); !errors.Is(err, voucher.ErrAlreadyUsed) {
			t.Fatalf("a new scan of a used voucher: %v", err)
		}
		w.Work()
		if got := balance(w, ledger.Pledge, string(d.ID)); got != 0 {
			t.Fatalf("pledged after activation %d", got)
		}
		if got := balance(w, ledger.Unredeemed, string(d.ID)); got != 3*19_900 {
			t.Fatalf("unredeemed %d", got)
		}
		if got := balance(w, ledger.Pending, string(shop)); got != used.Redemption.Net {
			t.Fatalf("pending %d, net %d", got, used.Redemption.Net)
		}
		undone, err := w.Redeem.Undo(w.Ctx, apptest.Staff(shop, "brn_1"), redeem.UndoCmd{
			RedemptionID: used.Redemption.ID, Reason: "잘못 찍음"})
		if err != nil || undone.State != voucher.Annulled || balance(w, ledger.Pending, string(shop)) != 0 {
			t.Fatalf("undo %+v %v", undone, err)
		}
	})
}

func TestShortDealPaysEverybodyBack(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d, o := w.OnSale(shop, nil)
		a := w.Buy(apptest.Buyer(1), d, o, 2)
		b := w.Buy(apptest.Buyer(2), d, o, 1)
		w.Clock.Set(d.EndsAt)
		w.Pass(0)
		w.Pass(time.Minute)
		if got := w.Deal(d.ID).State; got != deal.Failed {
			t.Fatalf("deal is %s", got)
		}
		for _, id := range []market.OrderID{a.ID, b.ID} {
			back, err := order.Find(w.Ctx, w.DB, id)
			w.Must(err)
			refunds, err := payment.RefundsOf(w.Ctx, w.DB, id)
			w.Must(err)
			if back.State != order.Refunded || len(refunds) != 1 || refunds[0].State != payment.RefundAccepted {
				t.Fatalf("%+v %+v", back, refunds)
			}
			if got := balance(w, ledger.RefundPayable, string(id)); got != 0 {
				t.Fatalf("still owed %d", got)
			}
			at, err := w.Client.LookupByOrder(w.Ctx, string(refunds[0].PaymentID))
			w.Must(err)
			if at.Balance != 0 {
				t.Fatalf("the gateway still has %d", at.Balance)
			}
		}
		if got := balance(w, ledger.Pledge, string(d.ID)); got != 0 {
			t.Fatalf("still pledged %d", got)
		}
	})
}

func TestLostAnswerIsLookedUp(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d, o := w.OnSale(shop, nil)
		for i, instrument := range []string{gateway.InstrumentTimeoutCharged, gateway.InstrumentErrorAfterCharge} {
			placed, err := w.Place(apptest.Buyer(i), d, o, 1)
			w.Must(err)
			paid, err := w.Pay(apptest.Buyer(i), placed.Order.ID, instrument)
			if err != nil || paid.Order.State != order.Paid {
				t.Fatalf("%s: %v %s", instrument, err, paid.Order.State)
			}
		}
		placed, err := w.Place(apptest.Buyer(5), d, o, 1)
		w.Must(err)
		_, err = w.Pay(apptest.Buyer(5), placed.Order.ID, gateway.InstrumentDecline)
		if !errors.Is(err, payment.ErrDeclined) {
			t.Fatalf("declined card: %v", err)
		}
		paid, err := w.Pay(apptest.Buyer(5), placed.Order.ID, gateway.InstrumentOK)
		if err != nil || paid.Order.State != order.Paid {
			t.Fatalf("second try: %v %s", err, paid.Order.State)
		}
		if got := w.Deal(d.ID); got.PaidUnits != 3 || got.HeldUnits != 0 {
			t.Fatalf("paid %d held %d", got.PaidUnits, got.HeldUnits)
		}
	})
}

func TestLimitsAndLapse(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d, o := w.OnSale(shop, nil)
		placed, err := w.Place(apptest.Buyer(1), d, o, 2)
		w.Must(err)
		if _, err := w.Place(apptest.Buyer(1), d, o, 1); !errors.Is(err, order.ErrLimit) {
			t.Fatalf("over the limit: %v", err)
		}
		if _, err := w.Place(apptest.Owner(shop), d, o, 1); !errors.Is(err, deal.ErrOwnPeople) {
			t.Fatalf("own people: %v", err)
		}
		w.Pass(11 * time.Minute)
		gone, err := order.Find(w.Ctx, w.DB, placed.Order.ID)
		w.Must(err)
		if gone.State != order.Lapsed || w.Deal(d.ID).HeldUnits != 0 {
			t.Fatalf("after the hold: %s", gone.State)
		}
		for i := range 5 {
			_, err := w.Place(apptest.Buyer(10+i), d, o, 2)
			w.Must(err)
		}
		if _, err := w.Place(apptest.Buyer(30), d, o, 1); !errors.Is(err, deal.ErrSoldOut) {
			t.Fatalf("sold out: %v", err)
		}
	})
}

func TestWhatAnUndoFreesCanStillGoBack(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d, o := w.OnSale(shop, func(x *deal.Offer) { x.Threshold = 1 })
		buyer := apptest.Buyer(1)
		bought := w.Buy(buyer, d, o, 2)
		w.Work()
		list, err := voucher.OfOrder(w.Ctx, w.DB, bought.ID)
		w.Must(err)
		used, err := w.Redeem.Do(w.Ctx, redeem.Cmd{Actor: apptest.Owner(shop), MerchantID: shop, BranchID: "brn_1",
			Text: w.Keys.Face(list[0].ID), Units: 1, Nonce: "nonce-00001"})
		w.Must(err)
		first, err := w.Refunds.Cancel(w.Ctx, buyer, bought.ID)
		w.Must(err)
		if _, err := w.Refunds.Cancel(w.Ctx, buyer, bought.ID); !errors.Is(err, voucher.ErrNotRefundable) {
			t.Fatalf("nothing stands any more: %v", err)
		}
		_, err = w.Redeem.Undo(w.Ctx, apptest.Owner(shop), redeem.UndoCmd{RedemptionID: used.Redemption.ID})
		w.Must(err)
		second, err := w.Refunds.Cancel(w.Ctx, buyer, bought.ID)
		w.Must(err)
		if first.Amount+second.Amount != bought.Amount {
			t.Fatalf("%d and %d of %d", first.Amount, second.Amount, bought.Amount)
		}
	})
}
