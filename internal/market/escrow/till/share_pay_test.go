package till_test

import (
	"errors"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/till"
)

var rules = escrow.Rules{ConfirmDays: 7, ConfirmDaysMax: 14, UndeliveredDays: 14, EvidenceDays: 7, DisputeDays: 60,
	AddressDays: 14}

func paid(id market.OrderID, units int64) escrow.Payment {
	return escrow.Payment{OrderID: id, AccountID: "acc_" + market.AccountID(id), Quantity: units, Amount: 100 * units}
}

// TestWhatWasCountedIsGuarded: a decision that stands on a count of units is refused when somebody has paid since, and
// one that does not is not; nobody pays when the seller is at work.
func TestWhatWasCountedIsGuarded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := t.Context()
		write := func(fn func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		write(func(tx *db.Tx) error {
			return escrow.Open(ctx, tx, "wsh_1", escrow.Award{BidID: "bid_1", MerchantID: "mer_1", UnitPrice: 100,
				Delivery: escrow.ByParcel, PolicyID: "pol_1", ShipBy: w.Clock.Now().AddDate(0, 0, 5)}, rules)
		})
		before, err := escrow.Find(ctx, d, "wsh_1")
		if err != nil {
			t.Fatal(err)
		}
		write(func(tx *db.Tx) error { return till.Pay(ctx, tx, "wsh_1", []escrow.Payment{paid("ord_1", 2)}) })
		count := func(exact bool, payments ...escrow.Payment) (ok bool) {
			t.Helper()
			taken := []till.Taking{{Escrow: before, Exact: exact, Payments: payments}}
			err := d.Write(ctx, func(tx *db.Tx) error {
				if err := till.Put(ctx, tx, taken); err != nil {
					return err
				}
				if ok, err = till.Count(ctx, tx, taken); err == nil && !ok {
					err = escrow.ErrMoved
				}
				return err
			})
			if err != nil && !errors.Is(err, escrow.ErrMoved) {
				t.Fatal(err)
			}
			return ok
		}
		if count(true, paid("ord_2", 1)) {
			t.Error("counted on what was read before")
		}
		if !count(false, paid("ord_2", 1), paid("ord_3", 3)) {
			t.Error("refused what needed no count")
		}
		e, err := escrow.Find(ctx, d, "wsh_1")
		if err != nil || e.Shares != 3 || e.Units != 6 || e.Paid != 600 {
			t.Errorf("%+v, %v", e, err)
		}
		err = d.Write(ctx, func(tx *db.Tx) error {
			return till.Pay(ctx, tx, "wsh_1", []escrow.Payment{paid("ord_1", 2)})
		})
		if !errors.Is(err, escrow.ErrPaid) {
			t.Errorf("paid twice: %v", err)
		}
		write(func(tx *db.Tx) error { return escrow.Begin(ctx, tx, "wsh_1") })
		if count(false, paid("ord_4", 1)) {
			t.Error("counted when the seller is at work")
		}
	})
}
