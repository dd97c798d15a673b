package sim

import (
	"errors"
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/order"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// place holds units, and compares the answer with what the rows say.
func (w *world) place() error {
	list := w.deals(deal.OnSale, deal.Scheduled, deal.Closing)
	if len(list) == 0 {
		return nil
	}
	d := pick(w.dice, list)
	options, err := deal.Options(w.ctx, w.DB, d.ID)
	readable(err)
	buyer := pick(w.dice, w.buyers)
	if w.chance(4) {
		buyer = w.shopOf(d.MerchantID).owner
	}
	cmd := checkout.PlaceCmd{Actor: buyer, DealID: d.ID, OptionID: pick(w.dice, options).ID,
		Quantity: int64(1 + w.below(4)), PolicyID: policy.At(w.Clock.Now()).ID, Key: w.key()}
	want := w.mayPlace(cmd)
	got, err := w.core.Checkout.Place(w.ctx, cmd)
	w.note("place %s %s ×%d: %s", buyer.AccountID, d.ID, cmd.Quantity, code(err))
	w.met("place." + code(err))
	if !same(err, want) {
		return differs("place", err, want)
	}
	if err == nil && w.chance(30) {
		twice, err := w.core.Checkout.Place(w.ctx, cmd)
		if err != nil || twice.Order.ID != got.Order.ID {
			return wrong("the same key again, with "+string(twice.Order.ID)+",", err)
		}
		cmd.Quantity++
		if _, err := w.core.Checkout.Place(w.ctx, cmd); !errors.Is(err, checkout.ErrKeyReused) {
			return wrong("the same key with another body", err)
		}
	}
	return nil
}

// placeAgain sends one form three times at once, in one batch.
func (w *world) placeAgain() error {
	list := w.deals(deal.OnSale)
	if len(list) == 0 {
		return nil
	}
	d := pick(w.dice, list)
	options, err := deal.Options(w.ctx, w.DB, d.ID)
	readable(err)
	cmd := checkout.PlaceCmd{Actor: pick(w.dice, w.buyers), DealID: d.ID, OptionID: options[0].ID, Quantity: 1,
		PolicyID: policy.At(w.Clock.Now()).ID, Key: w.key()}
	answers := w.core.Checkout.PlaceMany(w.ctx, []checkout.PlaceCmd{cmd, cmd, cmd})
	w.note("again %s %s: %s", cmd.Actor.AccountID, d.ID, code(answers[0].Err))
	for _, a := range answers[1:] {
		if code(a.Err) != code(answers[0].Err) || a.Value.Order.ID != answers[0].Value.Order.ID {
			return fmt.Errorf("one key thrice in a batch: %v and %v", answers[0], a)
		}
	}
	return nil
}

// pay takes a held order through the gateway with a random instrument; the node may die on the way.
func (w *world) pay() error {
	o, ok := w.anyOrder(order.Held, order.Lapsed)
	if !ok {
		return nil
	}
	buyer := market.Actor{AccountID: o.AccountID, Confirmed: true, Locale: "ko"}
	instrument := pick(w.dice, []string{gateway.InstrumentOK, gateway.InstrumentOK, gateway.InstrumentOK,
		gateway.InstrumentDecline, gateway.InstrumentTimeoutCharged, gateway.InstrumentErrorAfterCharge,
		gateway.InstrumentErrorBeforeCharge, gateway.InstrumentSlow})
	walkAway := w.chance(8)
	err := w.survive(func() error {
		started, err := w.core.Checkout.StartPayment(w.ctx, buyer, checkout.StartCmd{OrderID: o.ID, Title: "시험"})
		if err != nil {
			return err
		}
		key, err := w.core.Simulator.Authorize(w.ctx, gateway.AuthorizeRequest{CheckoutKey: started.Payment.CheckoutKey,
			Instrument: instrument})
		if err != nil || walkAway {
			return err
		}
		_, err = w.core.Checkout.Pay(w.ctx, checkout.PayCmd{PaymentID: started.Payment.ID, PaymentKey: key})
		return err
	})
	w.note("pay %s with %s: %s", o.ID, instrument, code(err))
	w.met("pay." + code(err))
	var refused *gateway.Error
	if errors.As(err, &refused) {
		return nil // the payer's page answered with an error: nothing of ours was asked
	}
	return unexpected(err, errDied, payment.ErrDeclined, payment.ErrPending, payment.ErrLate, payment.ErrOver,
		payment.ErrUnreachable, order.ErrNotHeld)
}

// leave gives a hold up.
func (w *world) leave() error {
	o, ok := w.anyOrder(order.Held)
	if !ok {
		return nil
	}
	_, err := w.core.Checkout.CancelHold(w.ctx, market.Actor{AccountID: o.AccountID, Confirmed: true}, o.ID)
	w.note("leave %s: %s", o.ID, code(err))
	return unexpected(err, payment.ErrPending)
}

// refund asks for the money back: a whole order, or one voucher.
func (w *world) refund() error {
	o, ok := w.anyOrder(order.Paid)
	if !ok {
		return nil
	}
	buyer := market.Actor{AccountID: o.AccountID, Confirmed: true}
	var err error
	if w.chance(50) {
		_, err = w.core.Refunds.Cancel(w.ctx, buyer, o.ID)
	} else {
		list, readErr := voucher.OfOrder(w.ctx, w.DB, o.ID)
		readable(readErr)
		_, err = w.core.Refunds.CancelVoucher(w.ctx, buyer, pick(w.dice, list).ID)
	}
	w.note("refund %s: %s", o.ID, code(err))
	w.met("refund." + code(err))
	return unexpected(err, voucher.ErrNotRefundable)
}

// hoard holds units again and again without paying, until the account is paused there.
func (w *world) hoard() error {
	list := w.deals(deal.OnSale)
	if len(list) == 0 {
		return nil
	}
	d := pick(w.dice, list)
	options, err := deal.Options(w.ctx, w.DB, d.ID)
	readable(err)
	buyer := pick(w.dice, w.buyers)
	hold := policy.At(w.Clock.Now()).Hold
	for range hold.LapsesMax + 1 {
		cmd := checkout.PlaceCmd{Actor: buyer, DealID: d.ID, OptionID: options[0].ID, Quantity: 1,
			PolicyID: policy.At(w.Clock.Now()).ID, Key: w.key()}
		want := w.mayPlace(cmd)
		_, got := w.core.Checkout.Place(w.ctx, cmd)
		w.note("hoard %s %s: %s", buyer.AccountID, d.ID, code(got))
		w.met("place." + code(got))
		if !same(got, want) {
			return differs("hoard", got, want)
		}
		if code(want) != code(nil) {
			break
		}
		w.Clock.Advance(hold.TTL(false) + time.Second)
		if _, err := w.core.Checkout.Lapse(w.ctx); err != nil {
			return err
		}
	}
	return nil
}
