package stage

import (
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/kit/db"
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

// use uses every voucher at its shop.
func (f *founder) use() error {
	for start := 0; start < len(f.world.Vouchers); start += peopleAtOnce {
		var cmds []redeem.Cmd
		for i, v := range f.world.Vouchers[start:min(start+peopleAtOnce, len(f.world.Vouchers))] {
			s := f.world.Shops[v.Shop]
			cmds = append(cmds, redeem.Cmd{MerchantID: s.ID, BranchID: s.Branch, Text: v.Face, Units: 1,
				Nonce: fmt.Sprintf("used-%08d", start+i), Actor: market.Actor{AccountID: s.Staff.ID, Confirmed: true,
					Memberships: []market.Membership{{MerchantID: s.ID, Role: market.RoleScan}}}})
		}
		if err := firstError(f.Redeem.Many(f.ctx, cmds)); err != nil {
			return fmt.Errorf("uses: %w", err)
		}
	}
	return f.RunAll(f.ctx)
}

// state issues the statements of the day before, as the next morning does, and notes those of the first shop.
func (f *founder) state() error {
	f.clock.Set(f.now.Add(30 * time.Hour))
	for worked := true; worked; {
		var err error
		if worked, err = f.Settle.IssueOnce(f.ctx); err != nil {
			return fmt.Errorf("statements: %w", err)
		}
	}
	var err error
	f.world.Statements, err = db.All(f.ctx, f.DB, db.Scalar[string],
		`SELECT id FROM statement WHERE merchant_id = $1 ORDER BY number`, string(f.world.Shops[0].ID))
	return err
}
