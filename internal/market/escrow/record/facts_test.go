package record_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
	"github.com/dure-commerce/dure/internal/market/escrow/record"
)

var rules = escrow.Rules{ConfirmDays: 7, ConfirmDaysMax: 14, UndeliveredDays: 14, EvidenceDays: 7, DisputeDays: 60,
	AddressDays: 14}

func TestWith(t *testing.T) {
	now := time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)
	e := escrow.Escrow{Phase: escrow.Fulfilling, BegunAt: now, Award: escrow.Award{ShipBy: now.AddDate(0, 0, 5)}}
	before, after, late := now.AddDate(0, 0, -1), now.AddDate(0, 0, 1), now.AddDate(0, 0, 5)
	var f record.Facts
	for _, s := range []escrow.Share{
		{State: escrow.Held},
		{State: escrow.Shipped, ShippedAt: after},
		{State: escrow.Shipped, ShippedAt: late},
		{State: escrow.Released, Released: 100, ShippedAt: late, EndedAt: late},
		{State: escrow.Refunded, Refunded: 100, Outcome: escrow.OutUnsent, EndedAt: late},
		{State: escrow.Decided, Released: 60, Refunded: 40, DisputedAt: after, EndedAt: late},
		{State: escrow.Decided, Released: 100, DisputedAt: after, EndedAt: late},
		{State: escrow.Refunded, Refunded: 100, Outcome: escrow.OutWithdrawn, EndedAt: late},  // left by itself
		{State: escrow.Refunded, Refunded: 100, Outcome: escrow.OutOperator, EndedAt: before}, // before it began
	} {
		f = f.With(e, s)
	}
	want := record.Facts{Shares: 7, Fulfilled: 1, Late: 3, Disputed: 2, Lost: 1, Released: 260, Refunded: 140}
	if f != want {
		t.Errorf("%+v, want %+v", f, want)
	}
}

// TestQueryIsTheFold: the one query says what the fold over the seller's shares says, whatever became of them.
func TestQueryIsTheFold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx := t.Context()
		const seller = "mer_1"
		number := 0
		write := func(fn func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		var wishes []market.WishID
		rapid.Check(t, func(rt *rapid.T) {
			wish := market.WishID(w.IDs.New("wsh"))
			wishes = append(wishes, wish)
			award := escrow.Award{BidID: "bid_1", MerchantID: seller, Delivery: escrow.ByParcel, UnitPrice: 100,
				PolicyID: "pol_1", ShipBy: w.Clock.Now().AddDate(0, 0, 5)}
			var ids []market.OrderID
			write(func(tx *db.Tx) error {
				ids = nil
				if err := escrow.Open(ctx, tx, wish, award, rules); err != nil {
					return err
				}
				var paid []escrow.Payment
				for i := range 3 {
					ids = append(ids, market.OrderID(tx.NewID("ord")))
					paid = append(paid, escrow.Payment{OrderID: ids[i], AccountID: "acc_1", Quantity: 1, Amount: 100})
				}
				return escrow.Pay(ctx, tx, wish, paid)
			})
			act := func(a escrow.Act) {
				a.OrderID, a.AccountID, a.MerchantID = rapid.SampledFrom(ids).Draw(rt, "member"), "acc_1", seller
				write(func(tx *db.Tx) error { _, err := escrow.Take(ctx, tx, rules, []escrow.Act{a}); return err })
			}
			if rapid.Bool().Draw(rt, "left early") {
				act(escrow.Act{Action: escrow.ActGiveBack, By: escrow.ByOperator})
			}
			if rapid.IntRange(0, 4).Draw(rt, "begins") > 0 {
				w.Clock.Advance(time.Hour)
				write(func(tx *db.Tx) error { return escrow.Begin(ctx, tx, wish) })
			}
			for range rapid.IntRange(0, 6).Draw(rt, "steps") {
				id := rapid.SampledFrom(ids).Draw(rt, "member")
				switch rapid.IntRange(0, 5).Draw(rt, "step") {
				case 0, 1:
					number++
					name := parcel.Name{Carrier: parcel.Other, Number: fmt.Sprintf("N%08d", number)}
					write(func(tx *db.Tx) error {
						_, err := escrow.Ship(ctx, tx, rules, escrow.Shipping{WishID: wish, MerchantID: seller,
							Parcels: []escrow.Sent{{OrderID: id, Name: name}}})
						return ignored(err)
					})
				case 2:
					act(escrow.Act{Action: escrow.ActConfirm, By: escrow.ByBuyer})
				case 3:
					act(escrow.Act{Action: escrow.ActWithdraw, By: escrow.ByBuyer})
				case 4:
					_ = d.Write(ctx, func(tx *db.Tx) error {
						_, err := escrow.OpenDispute(ctx, tx, rules, escrow.Opening{OrderID: id, AccountID: "acc_1",
							Reason: escrow.Fake, Words: "가짜예요"})
						return err
					})
				case 5:
					w.Clock.Advance(time.Duration(rapid.IntRange(1, 12).Draw(rt, "days")) * 24 * time.Hour)
					write(func(tx *db.Tx) error { _, err := escrow.Sweep(ctx, tx, rules, 100); return err })
				}
			}
		})
		var want record.Facts
		for _, wish := range wishes {
			e, err := escrow.Find(ctx, d, wish)
			if err != nil {
				t.Fatal(err)
			}
			shares, err := escrow.ListShares(ctx, d, wish, "", 100)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range shares {
				want = want.With(e, s)
			}
		}
		got, err := record.Of(ctx, d, seller)
		if err != nil || got != want {
			t.Errorf("%+v, want %+v (%v)", got, want, err)
		}
		if want.Late == 0 || want.Lost == 0 || want.Fulfilled == 0 || want.Disputed == 0 {
			t.Errorf("the test does not reach everything: %+v", want)
		}
		if none, err := record.Of(ctx, d, "mer_none"); err != nil || none != (record.Facts{}) {
			t.Errorf("a seller without shares: %+v %v", none, err)
		}
	})
}

// ignored takes a refusal for what it is: the step was not taken, and that is all.
func ignored(err error) error {
	if errors.Is(err, escrow.ErrNotBegun) {
		return nil
	}
	return err
}
