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
	"github.com/dure-commerce/dure/internal/market/escrow/till"
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

// history is a seller's wishes, one after the other.
type history struct {
	*testing.T
	d      *db.DB
	w      *dbtest.World
	wishes []market.WishID
	number int
}

const seller = "mer_1"

func (h *history) write(fn func(tx *db.Tx) error) {
	h.Helper()
	if err := h.d.Write(h.Context(), fn); err != nil {
		h.Fatal(err)
	}
}

// open is a wish of three paid members.
func (h *history) open() (wish market.WishID, ids []market.OrderID) {
	wish = market.WishID(h.w.IDs.New("wsh"))
	h.wishes = append(h.wishes, wish)
	award := escrow.Award{BidID: "bid_1", MerchantID: seller, Delivery: escrow.ByParcel, UnitPrice: 100,
		PolicyID: "pol_1", ShipBy: h.w.Clock.Now().AddDate(0, 0, 5)}
	h.write(func(tx *db.Tx) error {
		ids = nil
		if err := escrow.Open(h.Context(), tx, wish, award, rules); err != nil {
			return err
		}
		var paid []escrow.Payment
		for i := range 3 {
			ids = append(ids, market.OrderID(tx.NewID("ord")))
			paid = append(paid, escrow.Payment{OrderID: ids[i], AccountID: "acc_1", Quantity: 1, Amount: 100})
		}
		return till.Pay(h.Context(), tx, wish, paid)
	})
	return wish, ids
}

// play lets anything become of a wish.
func (h *history) play(rt *rapid.T) {
	wish, ids := h.open()
	act := func(a escrow.Act) {
		a.OrderID, a.AccountID, a.MerchantID = rapid.SampledFrom(ids).Draw(rt, "member"), "acc_1", seller
		h.write(func(tx *db.Tx) error { _, err := escrow.Take(h.Context(), tx, rules, []escrow.Act{a}); return err })
	}
	if rapid.Bool().Draw(rt, "left early") {
		act(escrow.Act{Action: escrow.ActGiveBack, By: escrow.ByOperator})
	}
	if rapid.IntRange(0, 4).Draw(rt, "begins") > 0 {
		h.w.Clock.Advance(time.Hour)
		h.write(func(tx *db.Tx) error { return escrow.Begin(h.Context(), tx, wish) })
	}
	for range rapid.IntRange(0, 6).Draw(rt, "steps") {
		id := rapid.SampledFrom(ids).Draw(rt, "member")
		switch rapid.IntRange(0, 5).Draw(rt, "step") {
		case 0, 1:
			h.number++
			name := parcel.Name{Carrier: parcel.Other, Number: fmt.Sprintf("N%08d", h.number)}
			h.write(func(tx *db.Tx) error {
				_, err := escrow.Ship(h.Context(), tx, rules, escrow.Shipping{WishID: wish, MerchantID: seller,
					Parcels: []escrow.Sent{{OrderID: id, Name: name}}})
				return unless(err, escrow.ErrNotBegun)
			})
		case 2:
			act(escrow.Act{Action: escrow.ActConfirm, By: escrow.ByBuyer})
		case 3:
			act(escrow.Act{Action: escrow.ActWithdraw, By: escrow.ByBuyer})
		case 4:
			h.write(func(tx *db.Tx) error {
				_, err := escrow.OpenDispute(h.Context(), tx, rules, escrow.Opening{OrderID: id, AccountID: "acc_1",
					Reason: escrow.Fake, Words: "가짜예요"})
				return unless(err, escrow.ErrNotBegun, escrow.ErrState, escrow.ErrLate)
			})
		case 5:
			h.w.Clock.Advance(time.Duration(rapid.IntRange(1, 12).Draw(rt, "days")) * 24 * time.Hour)
			h.write(func(tx *db.Tx) error { _, err := escrow.Sweep(h.Context(), tx, rules, 100); return err })
		}
	}
}

// unless takes some refusals for what they are: the step was not taken, and that is all.
func unless(err error, refusals ...error) error {
	for _, refused := range refusals {
		if errors.Is(err, refused) {
			return nil
		}
	}
	return err
}

// fold counts the shares of every wish one by one.
func (h *history) fold() (f record.Facts) {
	for _, wish := range h.wishes {
		e, err := escrow.Find(h.Context(), h.d, wish)
		if err != nil {
			h.Fatal(err)
		}
		shares, err := escrow.ListShares(h.Context(), h.d, wish, "", 100)
		if err != nil {
			h.Fatal(err)
		}
		for _, s := range shares {
			f = f.With(e, s)
		}
	}
	return f
}

// allMet tells that every fate a share can have was met.
func allMet(f record.Facts) bool {
	return f.Late > 0 && f.Lost > 0 && f.Fulfilled > 0 && f.Disputed > 0
}

// TestQueryIsTheFold: the one query says what the fold over the seller's shares says, whatever became of them.
func TestQueryIsTheFold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		h := &history{T: t, d: d, w: w}
		var want record.Facts
		for range 10 { // seeds are fresh each time, and the rarest fate may miss a hundred plays
			rapid.Check(t, h.play)
			if want = h.fold(); allMet(want) || t.Failed() {
				break
			}
		}
		if got, err := record.Of(t.Context(), d, seller); err != nil || got != want {
			t.Errorf("%+v, want %+v (%v)", got, want, err)
		}
		if !allMet(want) {
			t.Errorf("the test does not reach everything: %+v", want)
		}
		if none, err := record.Of(t.Context(), d, "mer_none"); err != nil || none != (record.Facts{}) {
			t.Errorf("a seller without shares: %+v %v", none, err)
		}
	})
}
