package fundtest_test

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
	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/flow/fund"
	"github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/kit/sign"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/schema"
)

// willing is a gateway that says yes at once: the bench is about us.
type willing struct{ gateway.Absent }

func (willing) Prepare(_ context.Context, in gateway.PrepareRequest) (gateway.Checkout, error) {
	return gateway.Checkout{Key: "page-" + in.OrderID, URL: "http://pay.test/" + in.OrderID}, nil
}

func (willing) Confirm(_ context.Context, in gateway.ConfirmRequest) (gateway.Payment, error) {
	return gateway.Payment{PaymentKey: in.PaymentKey, OrderID: in.OrderID, Status: gateway.StatusDone, Amount: in.Amount,
		Balance: in.Amount, Currency: "KRW"}, nil
}

// hotWish is a wish of so many people who may pay now, over a database that flushes what it commits.
func hotWish(b *testing.B, url string, people int, options lane.Options) *purse {
	b.Helper()
	ctx, now := context.Background(), clock.NewFake(time.Date(2026, 3, 4, 1, 0, 0, 0, time.UTC))
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	d, err := db.Open(ctx, db.Options{URL: url, Clock: now})
	must(err)
	_, err = schema.Migrate(ctx, d)
	must(err)
	var key sign.Key
	core, err := app.NewCore(app.CoreOptions{DB: d, Gateway: willing{}, GatewayName: "bench", Key: key,
		BaseURL: "http://dure.test", LaneOptions: options})
	must(err)
	b.Cleanup(func() {
		core.Close()
		must(d.Close())
	})
	p := &purse{World: apptest.Over(b, core, now)}
	p.Account(apptest.Buyer(1), "손님")
	one, err := p.Wanted.Post(ctx, apptest.Buyer(1), wanted.PostCmd{Draft: wish.Draft{Name: "주말 도예 수업",
		CategoryID: "learn.class"}, Key: "post"})
	must(err)
	p.wish = one.ID
	p.Shop(potter(1), "공방", "본점")
	p.Account(apptest.Owner(potter(1)), "사장")
	p.Approve(potter(1))
	p.join(2, people)
	offer := parcel(30_000, 8)
	offer.PromisedBy = now.Now().AddDate(0, 0, 30)
	_, err = p.Auction.Place(ctx, auction.PlaceCmd{Actor: apptest.Owner(potter(1)), WishID: p.wish,
		MerchantID: potter(1), Offer: offer})
	must(err)
	a, err := bid.Find(ctx, d, p.wish)
	must(err)
	now.Set(a.DueAt())
	p.Work()
	p.Pass(24 * time.Hour)
	return p
}

// BenchmarkPay lets distinct members of one wish pay from 256 callers, each by the steps of the pages: the page, the
// intent and the outcome. "ours" has lanes, "naive" one transaction a step. Only their ratio means something on a
// shared machine.
func BenchmarkPay(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		for _, kind := range []string{"ours", "naive"} {
			b.Run(engine+"/"+kind, func(b *testing.B) {
				url := "sqlite:" + filepath.Join(b.TempDir(), "hot.db")
				if engine == "postgres" {
					url = dbtest.Cluster(b, dbtest.ClusterOptions{Durable: true}).URL
				}
				payAll(b, hotWish(b, url, max(b.N, crowd), lane.Options{Direct: kind == "naive"}))
			})
		}
	}
}

func payAll(b *testing.B, p *purse) {
	b.Helper()
	cmd := p.wants(1)
	var next, paid atomic.Int64
	var callers sync.WaitGroup
	b.ResetTimer()
	for range 256 {
		callers.Go(func() {
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				if err := payOne(p, int(n), cmd); err != nil {
					b.Error(err)
					return
				}
				paid.Add(1)
			}
		})
	}
	callers.Wait()
	b.StopTimer()
	b.ReportMetric(float64(paid.Load())/b.Elapsed().Seconds(), "payments/s")
	if e := p.escrow(); e.Shares != paid.Load() || e.Paid != paid.Load()*30_000 {
		b.Fatalf("%d shares and %d won after %d payments", e.Shares, e.Paid, paid.Load())
	}
}

func payOne(p *purse, n int, cmd fund.StartCmd) error {
	s, err := p.Fund.Start(p.Ctx, apptest.Buyer(n), cmd)
	if err != nil {
		return err
	}
	paid, err := p.Fund.Pay(p.Ctx, s.Payment.ID, fmt.Sprintf("key-%d", n))
	if err == nil && !paid.First {
		return fmt.Errorf("member %d has no share: %+v", n, paid)
	}
	return err
}
