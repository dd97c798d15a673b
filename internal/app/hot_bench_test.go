package app_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/kit/sign"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/schema"
)

// hotDeal puts one deal on sale over a fresh SQLite file with synchronous writes on.
func hotDeal(b *testing.B, options lane.Options) (*apptest.World, deal.Deal, deal.Option) {
	b.Helper()
	ctx := context.Background()
	now := clock.NewFake(time.Date(2026, 3, 4, 1, 0, 0, 0, time.UTC))
	d, err := db.Open(ctx, db.Options{URL: "sqlite:" + filepath.Join(b.TempDir(), "hot.db"), Clock: now})
	if err != nil {
		b.Fatal(err)
	}
	if _, err := schema.Migrate(ctx, d); err != nil {
		b.Fatal(err)
	}
	var key sign.Key
	core, err := app.NewCore(app.CoreOptions{DB: d, GatewayName: "bench", Key: key, BaseURL: "http://dure.test",
		LaneOptions: options})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		core.Close()
		if err := d.Close(); err != nil {
			b.Error(err)
		}
	})
	w := apptest.Over(b, core, now)
	hot, option := w.OnSale("mer_hot", func(o *deal.Offer) {
		o.Capacity, o.Options[0].Quantity, o.PerPerson = 1_000_000, 1_000_000, 1
	})
	return w, hot, option
}

// purchase holds, begins and confirms, as the three steps of a purchase do around the gateway's calls.
func purchase(w *apptest.World, d deal.Deal, o deal.Option, n int64) error {
	placed, err := w.Checkout.Place(w.Ctx, checkout.PlaceCmd{Actor: apptest.Buyer(int(n)), DealID: d.ID, OptionID: o.ID,
		Quantity: 1, PolicyID: "bench", Key: fmt.Sprintf("bench-%09d", n)})
	if err != nil {
		return err
	}
	key := fmt.Sprintf("key-%d", n)
	if _, err := w.Checkout.Begin(w.Ctx, checkout.BeginCmd{PaymentID: placed.PaymentID, PaymentKey: key}); err != nil {
		return err
	}
	done, err := w.Checkout.Confirm(w.Ctx, d.ID, checkout.ConfirmCmd{PaymentID: placed.PaymentID,
		Answer: gateway.Answer{PaymentKey: key, Captured: true, Amount: placed.Order.Amount}})
	if err == nil && done.Payment.State != payment.Captured {
		err = payment.ErrPending
	}
	return err
}

// BenchmarkHotDeal sells one hot deal to distinct buyers from 256 callers: "ours" with lanes, "naive" with the same
// steps and texts, one transaction a command. Only their ratio means something on a shared machine.
func BenchmarkHotDeal(b *testing.B) {
	for name, options := range map[string]lane.Options{"ours": {}, "naive": {Direct: true}} {
		b.Run(name, func(b *testing.B) {
			w, d, o := hotDeal(b, options)
			var next, sold atomic.Int64
			var callers sync.WaitGroup
			b.ResetTimer()
			for range 256 {
				callers.Go(func() {
					for {
						n := next.Add(1)
						if n > int64(b.N) {
							return
						}
						if err := purchase(w, d, o, n); err != nil {
							b.Error(err)
							return
						}
						sold.Add(1)
					}
				})
			}
			callers.Wait()
			b.StopTimer()
			b.ReportMetric(float64(sold.Load())/b.Elapsed().Seconds(), "purchases/s")
			if got := w.Deal(d.ID).PaidUnits; got != sold.Load() {
				b.Fatalf("%d paid units after %d purchases", got, sold.Load())
			}
		})
	}
}
