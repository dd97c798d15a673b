package address_test

import (
	"errors"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/address"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
	"github.com/dure-commerce/dure/internal/market/escrow/till"
)

var rules = escrow.Rules{ConfirmDays: 7, ConfirmDaysMax: 14, UndeliveredDays: 14, EvidenceDays: 7, DisputeDays: 60,
	AddressDays: 14}

func home() address.Address {
	return address.Address{Name: "김두레", Phone: "010-1234-5678", Postcode: "14547", Line: "경기도 부천시 길주로 210",
		Detail: "3층"}
}

func TestCheck(t *testing.T) {
	if err := home().Check(); err != nil {
		t.Error(err)
	}
	for field, spoil := range map[string]func(*address.Address){
		"name":     func(a *address.Address) { a.Name = "" },
		"phone":    func(a *address.Address) { a.Phone = "119" },
		"postcode": func(a *address.Address) { a.Postcode = "1454" },
		"line":     func(a *address.Address) { a.Line = "길주로" },
	} {
		a := home()
		spoil(&a)
		if all := fail.All(a.Check()); len(all) != 1 || all[0].Field != field {
			t.Errorf("%s: %v", field, all)
		}
	}
	if all := fail.All(address.Address{}.Check()); len(all) != 4 {
		t.Errorf("an empty form: %v", all)
	}
}

// crowd is an escrow of three members who have all given their addresses.
type crowd struct {
	*testing.T
	d *db.DB
	w *dbtest.World
}

func newCrowd(t *testing.T, d *db.DB, w *dbtest.World) *crowd {
	t.Helper()
	c := &crowd{t, d, w}
	award := escrow.Award{BidID: "bid_1", MerchantID: "mer_1", Delivery: escrow.ByParcel, UnitPrice: 100,
		PolicyID: "pol_1", ShipBy: w.Clock.Now().AddDate(0, 0, 5)}
	ids := []market.OrderID{"ord_1", "ord_2", "ord_3"}
	c.write(func(tx *db.Tx) error {
		if err := escrow.Open(t.Context(), tx, "wsh_1", award, rules); err != nil {
			return err
		}
		var paid []escrow.Payment
		for _, id := range ids {
			paid = append(paid, escrow.Payment{OrderID: id, AccountID: member(id), Quantity: 1, Amount: 100})
		}
		return till.Pay(t.Context(), tx, "wsh_1", paid)
	})
	for _, id := range ids {
		if err := c.put(id, member(id), home()); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func member(id market.OrderID) market.AccountID { return "acc_" + market.AccountID(id) }

func (c *crowd) write(fn func(tx *db.Tx) error) {
	c.Helper()
	if err := c.d.Write(c.Context(), fn); err != nil {
		c.Fatal(err)
	}
}

func (c *crowd) put(id market.OrderID, who market.AccountID, a address.Address) error {
	return c.d.Write(c.Context(), func(tx *db.Tx) error { return address.Put(c.Context(), tx, id, who, a) })
}

// sees counts the addresses that a merchant may read now.
func (c *crowd) sees(who market.MerchantID) int {
	c.Helper()
	shares, err := escrow.ListShares(c.Context(), c.d, "wsh_1", "", 10)
	if err != nil {
		c.Fatal(err)
	}
	all, err := address.Read(c.Context(), c.d, address.Reader{WishID: "wsh_1", MerchantID: who, Now: c.w.Clock.Now()},
		shares)
	if err != nil {
		c.Fatal(err)
	}
	return len(all)
}

// erased removes one address that nobody needs and gives how many it found.
func (c *crowd) erased() (n int) {
	c.Helper()
	c.write(func(tx *db.Tx) (err error) { n, err = address.Erase(c.Context(), tx, 1); return err })
	return n
}

// TestWhoSeesAnAddress: nobody but the member before all have paid, and the seller alone afterwards.
func TestWhoSeesAnAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		c := newCrowd(t, d, w)
		if missing, err := address.Missing(t.Context(), d, "wsh_1", "", 10); err != nil || len(missing) != 0 {
			t.Errorf("missing %v %v", missing, err)
		}
		fourth := escrow.Payment{OrderID: "ord_4", AccountID: "acc_4", Quantity: 1, Amount: 100}
		c.write(func(tx *db.Tx) error { return till.Pay(t.Context(), tx, "wsh_1", []escrow.Payment{fourth}) })
		if missing, err := address.Missing(t.Context(), d, "wsh_1", "ord_1", 10); err != nil || len(missing) != 1 {
			t.Errorf("missing %v %v", missing, err)
		}
		if err := c.put("ord_1", "acc_other", home()); !errors.Is(err, escrow.ErrNotFound) {
			t.Errorf("somebody else's: %v", err)
		}
		if c.sees("mer_1") != 0 || c.erased() != 0 {
			t.Error("seen before all have paid")
		}
		c.write(func(tx *db.Tx) error { return escrow.Begin(t.Context(), tx, "wsh_1") })
		if c.sees("mer_1") != 3 || c.sees("mer_2") != 0 || c.sees("") != 0 {
			t.Errorf("the seller sees %d, another %d, nobody %d", c.sees("mer_1"), c.sees("mer_2"), c.sees(""))
		}
		moved := home()
		moved.Line = "경기도 부천시 소향로 3"
		if err := c.put("ord_1", "acc_ord_1", moved); err != nil {
			t.Fatal(err)
		}
		if a, err := address.Own(t.Context(), d, "ord_1", "acc_ord_1"); err != nil || a != moved {
			t.Errorf("%+v %v", a, err)
		}
		if _, err := address.Own(t.Context(), d, "ord_1", "acc_ord_2"); !errors.Is(err, escrow.ErrNotFound) {
			t.Errorf("somebody else's: %v", err)
		}
	})
}

// TestLifeOfAnAddress: it stands still once something was sent, and is gone when the days after the delivery are over,
// or at once when nothing ever came there.
func TestLifeOfAnAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		c, ctx := newCrowd(t, d, w), t.Context()
		name := parcel.Name{Carrier: "cj", Number: "612345678901"}
		c.write(func(tx *db.Tx) error {
			if err := escrow.Begin(ctx, tx, "wsh_1"); err != nil {
				return err
			}
			_, err := escrow.Ship(ctx, tx, rules, escrow.Shipping{WishID: "wsh_1", MerchantID: "mer_1",
				Parcels: []escrow.Sent{{OrderID: "ord_1", Name: name}}})
			return err
		})
		if err := c.put("ord_1", "acc_ord_1", home()); !errors.Is(err, escrow.ErrState) {
			t.Errorf("changed after it was sent: %v", err)
		}
		c.write(func(tx *db.Tx) error {
			_, err := escrow.Follow(ctx, tx, rules, []escrow.Heard{{Name: name, Event: parcel.Event{Kind: parcel.Delivered,
				At: tx.Now()}}})
			if err != nil {
				return err
			}
			_, err = escrow.Take(ctx, tx, rules, []escrow.Act{
				{OrderID: "ord_1", Action: escrow.ActConfirm, By: escrow.ByBuyer, AccountID: "acc_ord_1"},
				{OrderID: "ord_2", Action: escrow.ActWithdraw, By: escrow.ByBuyer, AccountID: "acc_ord_2"}})
			return err
		})
		if c.sees("mer_1") != 2 { // who left before anything was sent is gone at once
			t.Errorf("%d seen", c.sees("mer_1"))
		}
		if c.erased() != 1 || c.erased() != 0 {
			t.Error("who left is not erased, or somebody else is")
		}
		w.Clock.Advance(14*24*time.Hour - time.Hour)
		if c.sees("mer_1") != 2 || c.erased() != 0 {
			t.Errorf("gone too early: %d seen", c.sees("mer_1"))
		}
		w.Clock.Advance(24 * time.Hour)
		if c.sees("mer_1") != 1 || c.erased() != 1 || c.erased() != 0 {
			t.Errorf("stays too long: %d seen", c.sees("mer_1"))
		}
		if _, err := address.Own(ctx, d, "ord_1", "acc_ord_1"); !errors.Is(err, escrow.ErrNotFound) {
			t.Errorf("not erased: %v", err)
		}
	})
}
