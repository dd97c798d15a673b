package order_test

import (
	"context"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/order"
)

func TestGuessedVersionsAreMadeSureOf(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB, w *dbtest.World) {
		ctx, now := context.Background(), w.Clock.Now()
		key := order.LimitKey{DealID: "deal_1", AccountID: "acc_1"}
		list := make([]order.Order, 4)
		for i := range list {
			list[i] = order.Order{ID: market.OrderID("ord_" + string(rune('a'+i))), DealID: "deal_1", OptionID: "opt_1",
				MerchantID: "mch_1", AccountID: "acc_1", Quantity: 1, UnitPrice: 100, Amount: 100, State: order.Held,
				HoldUntil: now, PlaceKey: "key-" + string(rune('a'+i)), TermsVersion: 1, CreatedAt: now, Version: 1}
		}
		err := d.Write(ctx, func(tx *db.Tx) error {
			if err := order.Insert(ctx, tx, list); err != nil {
				return err
			}
			if ok, err := order.ClaimLimits(ctx, tx, map[order.LimitKey]order.LimitChange{key: {PerPerson: 9, Held: 4}}); !ok {
				t.Fatalf("claim: %v", err)
			}
			for _, c := range []struct {
				versions []int64
				want     int
			}{{[]int64{2, 2}, 0}, {[]int64{1, 2}, 1}, {[]int64{0, 1}, 1}} {
				var steps []order.Step
				for i, version := range c.versions {
					steps = append(steps, order.Step{ID: list[i].ID, From: order.Held, To: order.Paid, At: now, Version: version})
				}
				if n, err := order.Move(ctx, tx, steps); err != nil || n != c.want {
					t.Errorf("versions %v: %d passed, %v", c.versions, n, err)
				}
			}
			ids := []market.OrderID{list[0].ID, list[2].ID, list[3].ID}
			if n, err := order.CountHeld(ctx, tx, ids); err != nil || n != 2 {
				t.Errorf("%d held: %v", n, err)
			}
			for _, c := range []struct {
				change order.LimitChange
				want   bool
			}{
				{order.LimitChange{Held: -1, Paid: 1, Guessed: true, PaidBefore: 1}, false},
				{order.LimitChange{Held: -1, Paid: 1, Guessed: true, PaidBefore: 0}, true},
				{order.LimitChange{Held: -1, Paid: 1, Guessed: true, PaidBefore: 0}, false},
				{order.LimitChange{Held: -1, Paid: 1}, true},
			} {
				ok, err := order.MoveLimits(ctx, tx, map[order.LimitKey]order.LimitChange{key: c.change})
				if err != nil || ok != c.want {
					t.Errorf("%+v: %v %v", c.change, ok, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
