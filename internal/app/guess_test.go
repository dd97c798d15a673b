package app_test

import (
	"errors"
	"testing"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
)

// A payment that follows its order at once is decided on what the server remembers of the order. What was done to it
// in between must be seen all the same.
func TestPaymentsSeeWhatWasDoneToTheirOrders(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d, o := w.OnSale("mch_noodle", func(o *deal.Offer) { o.PerPerson = 4 })
		me := apptest.Buyer(1)
		direct := func(placed checkout.Placed, instrument string) (checkout.Confirmed, error) {
			return w.Checkout.PayDirectly(w.Ctx, me, checkout.DirectCmd{OrderID: placed.Order.ID, Instrument: instrument})
		}
		place := func() checkout.Placed {
			w.T.Helper()
			placed, err := w.Place(me, d, o, 1)
			w.Must(err)
			return placed
		}
		untouched, err := direct(place(), gateway.InstrumentOK)
		w.Must(err)
		agrees(w, untouched)

		opened := place()
		_, err = w.Checkout.StartPayment(w.Ctx, me, checkout.StartCmd{OrderID: opened.Order.ID, Title: "손칼국수"})
		w.Must(err)
		done, err := direct(opened, gateway.InstrumentOK)
		w.Must(err)
		if !done.Order.PageOpened || !done.Order.HoldUntil.After(opened.Order.HoldUntil) {
			t.Fatalf("the page was opened: %+v", done.Order)
		}
		agrees(w, done)
		if got := w.Deal(d.ID); got.People != 1 || got.PaidUnits != 2 || got.HeldUnits != 0 {
			t.Fatalf("one person, two orders: %d people, %d paid, %d held", got.People, got.PaidUnits, got.HeldUnits)
		}

		given := place()
		_, err = w.Checkout.CancelHold(w.Ctx, me, given.Order.ID)
		w.Must(err)
		done, err = direct(given, gateway.InstrumentOK) // the unit is there: it is taken again
		w.Must(err)
		agrees(w, done)

		declined := place()
		if _, err := direct(declined, gateway.InstrumentDecline); !errors.Is(err, payment.ErrDeclined) {
			t.Fatalf("declined: %v", err)
		}
		done, err = direct(declined, gateway.InstrumentOK)
		w.Must(err)
		agrees(w, done)
		if _, err := direct(declined, gateway.InstrumentOK); !errors.Is(err, payment.ErrOver) {
			t.Fatalf("paid twice: %v", err)
		}
		if got := w.Deal(d.ID); got.People != 1 || got.PaidUnits != 4 || got.HeldUnits != 0 {
			t.Fatalf("%d people, %d paid, %d held", got.People, got.PaidUnits, got.HeldUnits)
		}
	})
}

// agrees compares an answer with what stands in the database.
func agrees(w *apptest.World, done checkout.Confirmed) {
	w.T.Helper()
	found, err := order.Find(w.Ctx, w.DB, done.Order.ID)
	w.Must(err)
	if found.State != order.Paid || found.Version != done.Order.Version || !found.PaidAt.Equal(done.Order.PaidAt) ||
		!found.HoldUntil.Equal(done.Order.HoldUntil) {
		w.T.Fatalf("answered %+v, stands %+v", done.Order, found)
	}
}

// What the server remembers of a hold that was given up must not let it take money for a unit that is gone.
func TestNothingIsTakenForAUnitThatIsGone(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		d, o := w.OnSale("mch_noodle", func(o *deal.Offer) {
			o.Capacity, o.Threshold, o.PerPerson, o.Options[0].Quantity = 1, 1, 1, 1
		})
		me := apptest.Buyer(1)
		placed, err := w.Place(me, d, o, 1)
		w.Must(err)
		_, err = w.Checkout.CancelHold(w.Ctx, me, placed.Order.ID)
		w.Must(err)
		w.Buy(apptest.Buyer(2), d, o, 1)
		_, err = w.Checkout.PayDirectly(w.Ctx, me, checkout.DirectCmd{OrderID: placed.Order.ID,
			Instrument: gateway.InstrumentOK})
		if err == nil {
			t.Fatal("paid for a unit that is gone")
		}
		if p, err := w.Client.LookupByOrder(w.Ctx, string(placed.PaymentID)); gateway.OutcomeOf(err) != gateway.NotFound {
			t.Fatalf("asked the gateway: %+v %v", p, err)
		}
	})
}

// Deals are counted at the end of a transaction: whoever wants the last unit in the same one sees who has taken it.
func TestTheLastUnitIsTakenOnceInOneTransaction(t *testing.T) {
	apptest.Each(t, func(w *apptest.World) {
		for _, placeFirst := range []bool{true, false} {
			d, o := w.OnSale("mch_noodle", func(o *deal.Offer) {
				o.Capacity, o.Threshold, o.PerPerson, o.Options[0].Quantity = 1, 1, 1, 1
			})
			late, err := w.Place(apptest.Buyer(1), d, o, 1)
			w.Must(err)
			_, err = w.Checkout.CancelHold(w.Ctx, apptest.Buyer(1), late.Order.ID)
			w.Must(err)
			begin := []checkout.BeginCmd{{PaymentID: late.PaymentID, PaymentKey: "key-of-" + string(d.ID)}}
			place := []checkout.PlaceCmd{{Actor: apptest.Buyer(2), DealID: d.ID, OptionID: o.ID, Quantity: 1,
				PolicyID: late.Order.PolicyID, Key: "last"}}
			var begun []lane.Answer[checkout.Begun]
			var placed []lane.Answer[checkout.Placed]
			w.Must(w.DB.Write(w.Ctx, func(tx *db.Tx) error { // at the first try, or the guard would answer ErrAgain
				var first, second error
				if placeFirst {
					placed, first = w.Checkout.PlaceBatch(w.Ctx, tx, place)
					begun, second = w.Checkout.BeginBatch(w.Ctx, tx, begin)
				} else {
					begun, first = w.Checkout.BeginBatch(w.Ctx, tx, begin)
					placed, second = w.Checkout.PlaceBatch(w.Ctx, tx, place)
				}
				return errors.Join(first, second)
			}))
			if placed[0].Err == nil != placeFirst || begun[0].Value.Payment.Ended() != placeFirst {
				t.Fatalf("placed first %v: place %v, begin %+v", placeFirst, placed[0].Err, begun[0].Value.Payment)
			}
			if got := w.Deal(d.ID); got.HeldUnits != 1 {
				t.Fatalf("placed first %v: %d held", placeFirst, got.HeldUnits)
			}
		}
	})
}
