package app_test

import (
	"errors"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
)

func TestChargesWithoutAPage(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d, o := w.OnSale("mch_noodle", nil)
		for n, c := range []struct {
			instrument string
			want       error
		}{
			{gateway.InstrumentOK, nil},
			{gateway.InstrumentTimeoutCharged, nil}, // the lost answer is looked up
			{gateway.InstrumentErrorAfterCharge, nil},
			{gateway.InstrumentDecline, payment.ErrDeclined},
		} {
			buyer := apptest.Buyer(n + 1)
			placed, err := w.Place(buyer, d, o, 1)
			w.Must(err)
			done, err := w.Checkout.PayDirectly(w.Ctx, buyer, checkout.DirectCmd{OrderID: placed.Order.ID,
				Instrument: c.instrument})
			if !errors.Is(err, c.want) {
				t.Fatalf("%s: %v", c.instrument, err)
			}
			if c.want == nil && (done.Order.State != order.Paid || len(done.Vouchers) > 1) {
				t.Fatalf("%s: %+v", c.instrument, done)
			}
		}
		if got := w.Deal(d.ID); got.PaidUnits != 3 || got.HeldUnits != 1 {
			t.Fatalf("paid %d, held %d", got.PaidUnits, got.HeldUnits)
		}
	})
}

// A server that dies between its intent and the call to the gateway charges when it is back, once.
func TestAChargeThatNeverArrivedIsAskedAgain(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d, o := w.OnSale("mch_noodle", nil)
		placed, err := w.Place(apptest.Buyer(1), d, o, 1)
		w.Must(err)
		key := gateway.ChargeKey(gateway.InstrumentOK, string(placed.PaymentID))
		_, err = w.Checkout.Begin(w.Ctx, checkout.BeginCmd{PaymentID: placed.PaymentID, PaymentKey: key})
		w.Must(err)
		for range 3 {
			w.Pass(2 * time.Minute)
		}
		found, err := order.Find(w.Ctx, w.DB, placed.Order.ID)
		w.Must(err)
		at, err := w.Client.LookupByOrder(w.Ctx, string(placed.PaymentID))
		w.Must(err)
		if found.State != order.Paid || at.PaymentKey != key || at.Amount != placed.Order.Amount {
			t.Fatalf("order %s, payment %+v", found.State, at)
		}
	})
}

// Money that went back at the gateway before we heard that it had come pays no order.
func TestAChargeThatWasTakenBackPaysNothing(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d, o := w.OnSale("mch_noodle", nil)
		placed, err := w.Place(apptest.Buyer(1), d, o, 1)
		w.Must(err)
		key := gateway.ChargeKey(gateway.InstrumentOK, string(placed.PaymentID))
		_, err = w.Checkout.Begin(w.Ctx, checkout.BeginCmd{PaymentID: placed.PaymentID, PaymentKey: key})
		w.Must(err)
		charge := gateway.ConfirmRequest{PaymentKey: key, OrderID: string(placed.PaymentID),
			Amount: placed.Order.Amount, IdempotencyKey: "confirm-" + string(placed.PaymentID) + "-" + key}
		_, err = w.Client.Charge(w.Ctx, charge)
		w.Must(err)
		_, err = w.Client.Cancel(w.Ctx, gateway.CancelRequest{PaymentKey: key, Reason: "PG에서 취소",
			Amount: placed.Order.Amount, IdempotencyKey: "cancel-" + key})
		w.Must(err)
		for range 3 {
			w.Pass(2 * time.Minute)
		}
		found, err := order.Find(w.Ctx, w.DB, placed.Order.ID)
		w.Must(err)
		attempt, err := payment.Find(w.Ctx, w.DB, placed.PaymentID)
		w.Must(err)
		if found.State == order.Paid || attempt.State != payment.Declined ||
			attempt.OutcomeCode != gateway.CodeTakenBack {
			t.Fatalf("order %s, attempt %+v", found.State, attempt)
		}
		if got := w.Deal(d.ID); got.PaidUnits != 0 {
			t.Fatalf("paid %d", got.PaidUnits)
		}
	})
}
