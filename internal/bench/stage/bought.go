package stage

import (
	"fmt"

	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// buy lets the first n buyers buy one each of the deals in turn, and runs what follows from it.
func (f *founder) buy(n int) error {
	for start := 0; start < n; start += peopleAtOnce {
		if err := f.buySome(start, min(start+peopleAtOnce, n)); err != nil {
			return fmt.Errorf("purchases: %w", err)
		}
	}
	if n == 0 {
		return nil
	}
	if err := f.RunAll(f.ctx); err != nil {
		return err
	}
	return f.read(n)
}

func (f *founder) buySome(from, to int) error {
	places := make([]checkout.PlaceCmd, 0, to-from)
	for i := from; i < to; i++ {
		p, item := f.world.Buyer(i), f.world.Items[i%len(f.world.Items)]
		places = append(places, checkout.PlaceCmd{Actor: market.Actor{AccountID: p.ID, Confirmed: true, Locale: "ko"},
			DealID: item.Deal, OptionID: item.Option, Quantity: 1,
			PolicyID: policy.At(f.clock.Now()).ID, Key: fmt.Sprintf("bought-%07d", i)})
	}
	pages := make([]checkout.PageCmd, len(places))
	for i, a := range f.Checkout.PlaceMany(f.ctx, places) {
		if a.Err != nil {
			return a.Err
		}
		pages[i] = checkout.PageCmd{Actor: places[i].Actor, Placed: a.Value, Title: "손칼국수"}
	}
	opened, err := f.Checkout.OpenPages(f.ctx, pages)
	if err != nil {
		return err
	}
	pays := make([]checkout.PayCmd, len(opened))
	for i, page := range opened {
		key, err := f.Simulator.Authorize(f.ctx, gateway.AuthorizeRequest{CheckoutKey: page.Key,
			Instrument: gateway.InstrumentOK})
		if err != nil {
			return err
		}
		pays[i] = checkout.PayCmd{PaymentID: pages[i].Placed.PaymentID, PaymentKey: key}
	}
	return firstError(f.Checkout.PayMany(f.ctx, pays))
}

func firstError[R any](answers []lane.Answer[R]) error {
	for _, a := range answers {
		if a.Err != nil {
			return a.Err
		}
	}
	return nil
}

// read notes the vouchers that buyers hold.
func (f *founder) read(n int) error {
	for i := range n {
		list, err := voucher.ListByAccount(f.ctx, f.DB, f.world.Buyer(i).ID, "", 1)
		if err != nil {
			return err
		}
		for _, v := range list {
			f.world.Vouchers = append(f.world.Vouchers, Voucher{ID: v.ID, Order: v.OrderID, Holder: i,
				Shop: i % len(f.world.Items) % len(f.world.Shops), Face: f.Keys.Face(v.ID)})
		}
	}
	return nil
}
