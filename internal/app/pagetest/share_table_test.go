package pagetest_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/flow/deliver/delivertest"
	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
	"github.com/dure-commerce/dure/internal/market/escrow/track"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/right"
)

// sharePages are a member's pages of what was bought together.
func sharePages() map[string]page {
	return map[string]page{
		"GET /shares":                 {"", signed(), []string{"?before=ord_5"}},
		"GET /shares/{order}":         {"share", may(right.ShareView), nil},
		"GET /shares/{order}/part":    {"share", may(right.ShareView), nil},
		"GET /shares/{order}/address": {"share", may(right.ShareView, led), nil},
		"GET /shares/{order}/dispute": {"share", may(right.ShareView, led), nil},
	}
}

// stale are the answers that the state of a share may give to those who may.
func stale() []int { return []int{led, http.StatusConflict, http.StatusUnprocessableEntity} }

func shareWrites() map[string]write {
	on := func(action right.Action) rule { return may(action, stale()...) }
	key := one("key", "key_1")
	return map[string]write{
		"POST /shares/{order}/confirm":  {kind: "share", wanted: on(right.ShareReceive)},
		"POST /shares/{order}/wait":     {kind: "share", wanted: on(right.ShareReceive), as: "buyer", fields: key},
		"POST /shares/{order}/withdraw": {kind: "share", wanted: on(right.ShareReceive)},
		"POST /shares/{order}/address":  {kind: "share", wanted: on(right.ShareReceive)},
		"POST /shares/{order}/dispute":  {kind: "share", wanted: on(right.DisputeOpen), as: "buyer", fields: key},
		"POST /shares/{order}/say": {kind: "share", wanted: on(right.DisputeSpeak), as: "buyer",
			fields: url.Values{"key": {"key_1"}, "say": {"more"}, "words": {"사진을 더 올려요"}}},
	}
}

// crowds lets our buyer have shares in every state that lives from our shop, and our guest one from the other. What
// ends writes ids that differ between the engines.
func (s *site) crowds(c chosen) {
	s.t.Helper()
	ctx := context.Background()
	must := func(err error) {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
	}
	// Each step has an instant of its own, after all others, so that lists by time or id are the same on both engines.
	watch, ok := s.DB.Clock().(*clock.Switch)
	if !ok {
		s.t.Fatal("the town's clock is another one now")
	}
	now := clock.NewFake(friday.Add(time.Second))
	watch.Use(now)
	defer watch.Use(clock.NewFake(friday.Add(time.Minute)))
	paid := func(n int, who market.AccountID) delivertest.Paid {
		return delivertest.Paid{OrderID: market.OrderID(fmt.Sprintf("ord_%026d", n)), AccountID: who}
	}
	charge := func(ctx context.Context, id market.PaymentID) (string, error) {
		paid, err := s.Simulator.Charge(ctx, gateway.ConfirmRequest{OrderID: string(id), Amount: delivertest.Price,
			PaymentKey: gateway.ChargeKey(gateway.InstrumentOK, string(id)), IdempotencyKey: string(id)})
		return paid.PaymentKey, err
	}
	crowd := func(wish market.WishID, shop market.MerchantID, m delivertest.Paid) {
		must(delivertest.Crowd{Wish: wish, Seller: shop, Way: escrow.ByParcel, Charge: charge,
			Members: []delivertest.Paid{m}}.Begin(ctx, s.DB))
	}
	buyer, err := account.LoadActor(ctx, s.DB, c.buyer)
	must(err)
	seller := market.Actor{AccountID: "acc_pagetest", Confirmed: true,
		Memberships: []market.Membership{{MerchantID: c.shop, Role: market.RoleOwner}}}
	crowd("wsh_theirs", c.other, paid(9, c.guest))
	for i := range 4 {
		now.Advance(time.Second)
		wish := market.WishID(fmt.Sprintf("wsh_ours_%d", i))
		crowd(wish, c.shop, paid(i, c.buyer))
		if i == 0 {
			continue // held
		}
		now.Advance(time.Second)
		_, err = s.Deliver.Ship(ctx, seller, deliver.ShipCmd{WishID: wish, Parcels: []escrow.Sent{
			{OrderID: paid(i, c.buyer).OrderID, Name: delivertest.Parcel(i)}}})
		must(err)
	}
	told := func(i int) track.Told {
		return track.Told{Name: delivertest.Parcel(i), Events: []parcel.Event{{Kind: parcel.Delivered, At: friday}}}
	}
	now.Advance(time.Second)
	must(s.Deliver.Heard(ctx, []track.Told{told(2), told(3)}))
	_, err = s.Deliver.OpenDispute(ctx, buyer, deliver.DisputeCmd{OrderID: paid(3, c.buyer).OrderID,
		Reason: escrow.Broken, Words: "상자가 젖어 있었어요"})
	must(err)
}
