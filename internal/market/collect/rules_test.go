package collect_test

import (
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/market/collect"
)

var now = time.Date(2026, time.November, 20, 3, 0, 0, 0, time.UTC)

func figures() collect.Times {
	return collect.Times{Pay: 48 * time.Hour, Answer: 24 * time.Hour, Consent: 24 * time.Hour, Capture: time.Hour}
}

func begun(o collect.Offer, firm int64) collect.Collect {
	o.BidID, o.MerchantID = "bid_1", "mer_1"
	return collect.Begin("wsh_1", o, firm, figures(), now)
}

// TestNobodyTakesAnothersPart: whatever a seller offers and however many are firm, each gets one at least, and all
// together never more than there is.
func TestNobodyTakesAnothersPart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		firm := rapid.Int64Range(1, 1000).Draw(t, "firm")
		o := collect.Offer{Needs: 1, QuantityMax: rapid.Int64Range(firm, 5000).Draw(t, "max")}
		if most := o.Most(firm); most < 1 || most*firm > o.QuantityMax {
			t.Fatalf("%d members take %d each of %d", firm, most, o.QuantityMax)
		}
	})
}

// TestTheWindowIsHalfOpen: the first instant belongs to it, the last does not.
func TestTheWindowIsHalfOpen(t *testing.T) {
	c := begun(collect.Offer{Needs: 3}, 12)
	for _, one := range []struct {
		at      time.Duration
		running bool
	}{{0, true}, {48*time.Hour - time.Microsecond, true}, {48 * time.Hour, false}, {72 * time.Hour, false}} {
		at := now.Add(one.at)
		if got := c.Running(at) == nil; got != one.running || c.Due(at) == one.running {
			t.Errorf("%s: running %t, due %t", one.at, got, c.Due(at))
		}
	}
}

// TestAgreementIsToAPrice: a price that fell is taken, one that rose is asked about, and one above what the wish's
// people named wants a yes of its own.
func TestAgreementIsToAPrice(t *testing.T) {
	c := begun(collect.Offer{Needs: 3}, 12)
	wants := collect.Wants{AccountID: "acc_1", Quantity: 2, UnitPrice: 10_000, Agreed: true}
	for _, one := range []struct {
		name   string
		price  int64
		top    int64
		above  bool
		amount int64
		err    error
	}{
		{"as shown", 10_000, 0, false, 20_000, nil},
		{"fell", 9_000, 0, false, 18_000, nil},
		{"rose", 10_001, 0, false, 0, collect.ErrPrice},
		{"within the top", 10_000, 10_000, false, 20_000, nil},
		{"above the top", 10_000, 9_999, false, 0, collect.ErrAbove},
		{"above the top, agreed", 10_000, 9_999, true, 20_000, nil},
	} {
		wants.Above = one.above
		o, err := c.Take(wants, collect.Terms{UnitPrice: one.price, TopPrice: one.top}, now)
		if !errors.Is(err, one.err) || o.Amount() != one.amount {
			t.Errorf("%s: %d, %v", one.name, o.Amount(), err)
		}
	}
}

// TestAnAddressIsAskedForParcelsOnly: where members come to a branch nothing is kept.
func TestAnAddressIsAskedForParcelsOnly(t *testing.T) {
	c := begun(collect.Offer{Needs: 3}, 12)
	wants := collect.Wants{Quantity: 1, UnitPrice: 1_000, Agreed: true, To: collect.Address{Name: "김두레"}}
	for parcel, want := range map[bool]bool{true: true, false: false} {
		o, err := c.Take(wants, collect.Terms{UnitPrice: 1_000, Parcel: parcel}, now)
		if err != nil || o.To.Named() != want {
			t.Errorf("parcel %t: %+v, %v", parcel, o.To, err)
		}
	}
}

// TestAnOldPageChargesNobody: an attempt is captured for the order, the sum and the seller that it was opened for.
func TestAnOldPageChargesNobody(t *testing.T) {
	c := begun(collect.Offer{Needs: 3}, 12)
	o, err := c.Take(collect.Wants{Quantity: 2, UnitPrice: 1_000, Agreed: true}, collect.Terms{UnitPrice: 1_000}, now)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range []struct {
		name   string
		change func(*collect.Collect, *collect.Order) (amount, unit int64)
		want   bool
	}{
		{"as it was", func(*collect.Collect, *collect.Order) (int64, int64) { return 2_000, 1_000 }, true},
		{"fell", func(*collect.Collect, *collect.Order) (int64, int64) { return 2_000, 900 }, true},
		{"rose", func(*collect.Collect, *collect.Order) (int64, int64) { return 2_000, 1_001 }, false},
		{"another sum", func(*collect.Collect, *collect.Order) (int64, int64) { return 1_000, 1_000 }, false},
		{"another seller", func(c *collect.Collect, _ *collect.Order) (int64, int64) {
			c.BidID = "bid_2"
			return 2_000, 1_000
		}, false},
		{"paid", func(_ *collect.Collect, o *collect.Order) (int64, int64) {
			o.State = collect.OrderPaid
			return 2_000, 1_000
		}, false},
		{"asking", func(c *collect.Collect, _ *collect.Order) (int64, int64) {
			c.State = collect.Asking
			return 2_000, 1_000
		}, false},
	} {
		c, o := c, o
		amount, unit := one.change(&c, &o)
		if got := c.Payable(o, amount, unit, now); got != one.want {
			t.Errorf("%s: %t", one.name, got)
		}
	}
}
