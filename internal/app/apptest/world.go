package apptest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/flow/publish"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/kit/sign"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/payment/toss"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/sandbox"
)

// World is everything a scenario needs.
type World struct {
	*app.Core
	T       testing.TB
	Ctx     context.Context
	Clock   *clock.Fake
	Sandbox *sandbox.Sandbox
	Client  *toss.Client
	orders  int
	shops   int
}

// Each runs a scenario on both engines.
func Each(t *testing.T, body func(w *World)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB, tw *dbtest.World) {
		t.Helper()
		body(New(t, d, tw.Clock))
	})
}

// New builds a world over a database.
func New(t testing.TB, d *db.DB, now *clock.Fake) *World {
	t.Helper()
	ctx := context.Background()
	box, err := sandbox.New(ctx, sandbox.Options{Memory: true, Clock: now, IDs: d.IDs(), SlowFor: -1, HangFor: -1})
	if err != nil {
		t.Fatalf("sandbox: %v", err)
	}
	client, err := toss.New(toss.Options{URL: "http://sandbox", SecretKey: sandbox.DefaultSecretKey,
		WebhookSecret: []string{sandbox.DefaultWebhookSecret}, Transport: box.Transport(), Timeout: 5 * time.Second})
	if err != nil {
		t.Fatalf("gateway client: %v", err)
	}
	var key sign.Key
	copy(key[:], "a key for tests, never for anything else")
	core, err := app.NewCore(app.CoreOptions{DB: d, Gateway: client, Simulator: client, GatewayName: "sandbox", Key: key,
		BaseURL: "http://dure.test", Node: "test", LaneOptions: lane.Options{}})
	if err != nil {
		t.Fatalf("core: %v", err)
	}
	t.Cleanup(func() {
		core.Close()
		_ = box.Close()
	})
	return &World{Core: core, T: t, Ctx: ctx, Clock: now, Sandbox: box, Client: client}
}

// Over is a world around a core that was built elsewhere, without a sandbox of its own.
func Over(t testing.TB, core *app.Core, now *clock.Fake) *World {
	return &World{Core: core, T: t, Ctx: context.Background(), Clock: now}
}

// Must ends the test on an error.
func (w *World) Must(err error) {
	w.T.Helper()
	if err != nil {
		w.T.Fatal(err)
	}
}

// Work runs all background work that is due now.
func (w *World) Work() {
	w.T.Helper()
	w.Must(w.RunAll(w.Ctx))
}

// Pass lets time go by and runs what has become due.
func (w *World) Pass(d time.Duration) {
	w.T.Helper()
	w.Clock.Advance(d)
	w.Work()
}

// Buyer is a confirmed account with the given number.
func Buyer(n int) market.Actor {
	return market.Actor{AccountID: market.AccountID(fmt.Sprintf("acc_buyer%04d", n)), Confirmed: true, Locale: "ko",
		Name: fmt.Sprintf("손님 %d", n)}
}

// Owner is the owner of a merchant.
func Owner(id market.MerchantID) market.Actor {
	return market.Actor{AccountID: market.AccountID("acc_owner_" + string(id)), Confirmed: true, Locale: "ko",
		Memberships: []market.Membership{{MerchantID: id, Role: market.RoleOwner}}}
}

// Staff may only scan, in one branch.
func Staff(id market.MerchantID, branch market.BranchID) market.Actor {
	return market.Actor{AccountID: market.AccountID("acc_staff_" + string(id)), Confirmed: true, Locale: "ko",
		Memberships: []market.Membership{{MerchantID: id, BranchID: branch, Role: market.RoleScan}}}
}

// Operator is an administrator of the platform.
func Operator() market.Actor {
	return market.Actor{AccountID: "acc_operator", Confirmed: true, Staff: market.RoleAdmin, Locale: "ko"}
}

// Offer is a noodle deal: 19,900 won instead of 32,000, tipping at three people.
func Offer(now time.Time) deal.Offer {
	start := deal.NextMonday(now)
	return deal.Offer{Title: "손칼국수 두 그릇에 만두 한 접시", Summary: "점심 두 사람", Story: "새벽 네 시에 반죽을 칩니다.",
		CategoryID: "food.noodle", PriceBasis: "가게 차림표", ThresholdKind: deal.ThresholdPeople, Threshold: 3, Capacity: 10,
		PerPerson: 2, StartsAt: start, EndsAt: start.Add(7 * 24 * time.Hour), ValidDays: 400, RefundProfile: "std2025",
		MerchantShareBP: 7000, Regions: []market.RegionID{"dong_1104068"},
		Options: []deal.OptionOffer{{Name: "두 그릇 세트", ListPrice: 32_000, Price: 19_900, Quantity: 10, Uses: 1}}}
}

// OnSale drafts, submits and schedules a deal and moves the clock into its sale.
func (w *World) OnSale(merchant market.MerchantID, change func(*deal.Offer)) (deal.Deal, deal.Option) {
	w.T.Helper()
	d := w.Scheduled(merchant, change)
	if now := w.Clock.Now(); now.Before(d.StartsAt) {
		w.Clock.Set(d.StartsAt.Add(time.Minute))
	}
	w.Work()
	d, err := deal.Find(w.Ctx, w.DB, d.ID)
	w.Must(err)
	if d.State != deal.OnSale {
		w.T.Fatalf("deal is %s", d.State)
	}
	options, err := deal.Options(w.Ctx, w.DB, d.ID)
	w.Must(err)
	return d, options[0]
}

// Scheduled drafts, submits and schedules a deal.
func (w *World) Scheduled(merchant market.MerchantID, change func(*deal.Offer)) deal.Deal {
	w.T.Helper()
	offer := Offer(w.Clock.Now())
	if change != nil {
		change(&offer)
	}
	d, err := w.Publish.SaveDraft(w.Ctx, Owner(merchant), publish.DraftCmd{MerchantID: merchant, Offer: offer})
	w.Must(err)
	_, err = w.Publish.Submit(w.Ctx, Owner(merchant), d.ID)
	w.Must(err)
	d, err = w.Publish.Schedule(w.Ctx, Operator(), publish.ScheduleCmd{DealID: d.ID})
	w.Must(err)
	return d
}

// Place holds units.
func (w *World) Place(buyer market.Actor, d deal.Deal, o deal.Option, n int64) (checkout.Placed, error) {
	w.orders++
	return w.Checkout.Place(w.Ctx, checkout.PlaceCmd{Actor: buyer, DealID: d.ID, OptionID: o.ID, Quantity: n,
		PolicyID: policy.At(w.Clock.Now()).ID, Key: fmt.Sprintf("key-%d", w.orders)})
}

// Pay takes an order through the gateway with an instrument of the sandbox.
func (w *World) Pay(buyer market.Actor, id market.OrderID, instrument string) (checkout.Confirmed, error) {
	started, err := w.Checkout.StartPayment(w.Ctx, buyer, checkout.StartCmd{OrderID: id, Title: "시험"})
	if err != nil {
		return checkout.Confirmed{}, err
	}
	key, err := w.Client.Authorize(w.Ctx, gateway.AuthorizeRequest{CheckoutKey: started.Payment.CheckoutKey,
		Instrument: instrument})
	if err != nil {
		return checkout.Confirmed{}, err
	}
	return w.Checkout.Pay(w.Ctx, checkout.PayCmd{PaymentID: started.Payment.ID, PaymentKey: key})
}

// Buy holds and pays.
func (w *World) Buy(buyer market.Actor, d deal.Deal, o deal.Option, n int64) order.Order {
	w.T.Helper()
	placed, err := w.Place(buyer, d, o, n)
	w.Must(err)
	paid, err := w.Pay(buyer, placed.Order.ID, gateway.InstrumentOK)
	w.Must(err)
	return paid.Order
}

// Deal reads a deal.
func (w *World) Deal(id market.DealID) deal.Deal {
	w.T.Helper()
	d, err := deal.Find(w.Ctx, w.DB, id)
	w.Must(err)
	return d
}
