package fundtest_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/flow/fund"
	"github.com/dure-commerce/dure/internal/flow/fund/tell"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// TestEnoughPay: ten of twelve pay for an offer that needs eight; the seller begins, and the two who did not owe
// nothing.
func TestEnoughPay(t *testing.T) {
	payIn(t, []bid.Offer{parcel(30_000, 8)}, func(p *purse) {
		p.all(1, 10)
		p.wantOutcome("paying open 10")
		p.round()
		p.wantOutcome("fulfilling over 10 enough")
		if e := p.escrow(); e.Phase != "fulfilling" || e.Shares != 10 || e.Paid != 300_000 || e.MerchantID != potter(1) {
			t.Errorf("%+v", e)
		}
		p.wantWon(1, "30000 0 30000")
		p.wantWon(11, "0 0 0")
		// Whoever comes now is told so, and pays nothing.
		if _, err := p.Fund.Start(p.Ctx, apptest.Buyer(11), p.wants(1)); !errors.Is(err, collect.ErrOver) {
			t.Errorf("after the end: %v", err)
		}
	})
}

// TestTooFewAndTheSellerTakesThem: five pay for an offer that needs eight.
func TestTooFewAndTheSellerTakesThem(t *testing.T) {
	payIn(t, []bid.Offer{parcel(30_000, 8), parcel(31_000, 8)}, func(p *purse) {
		p.all(1, 5)
		p.round()
		p.wantOutcome("paying asking 5")
		take := fund.AnswerCmd{WishID: p.wish, MerchantID: potter(1), Take: true}
		if err := p.Fund.Answer(p.Ctx, apptest.Owner(potter(2)), take); err == nil {
			t.Error("somebody else answered")
		}
		p.Must(p.Fund.Answer(p.Ctx, apptest.Owner(potter(1)), take))
		p.wantOutcome("fulfilling over 5 short")
		if err := p.Fund.Answer(p.Ctx, apptest.Owner(potter(1)), take); !errors.Is(err, collect.ErrState) {
			t.Errorf("answered twice: %v", err)
		}
		p.wantWon(5, "30000 0 30000")
	})
}

// TestTheNextOfferIsDearer: the winner keeps silent; who agrees to the next price pays it and has the first payment
// back, who does not is paid back within a day.
func TestTheNextOfferIsDearer(t *testing.T) {
	payIn(t, []bid.Offer{parcel(30_000, 8), parcel(32_000, 3)}, func(p *purse) {
		p.all(1, 5)
		p.round()
		p.Pass(25 * time.Hour)
		p.wantOutcome("paying open 5")
		if e := p.escrow(); e.MerchantID != potter(2) || e.UnitPrice != 32_000 || p.collect().Round != 2 {
			t.Fatalf("%+v", e)
		}
		p.pays(1, 1)
		p.pays(2, 2)
		p.wantWon(1, "62000 30000 32000")
		p.wantWon(2, "94000 30000 64000")
		p.wantWon(3, "30000 0 30000")
		p.Clock.Set(p.collect().ConsentUntil)
		p.Work()
		p.wantWon(3, "30000 30000 0")
		p.pays(6, 1) // who had not paid before may now
		p.pays(4, 1) // and who did not answer in time may still
		p.round()
		p.wantOutcome("fulfilling over 5 enough")
		p.wantWon(4, "62000 30000 32000")
		p.wantWon(5, "30000 30000 0")
	})
}

// TestTheNextOfferIsNotDearer: who has paid keeps the place, pays nothing again, and has the difference back when more
// come together than the next offer's step asks for.
func TestTheNextOfferIsNotDearer(t *testing.T) {
	next := parcel(30_000, 8)
	next.Steps = []bid.PriceStep{{From: 14, UnitPrice: 28_000}}
	payInA(t, bid.Sealed, []bid.Offer{next, parcel(30_000, 8)}, func(p *purse) {
		first, second := potter(2), potter(1) // equal prices: who came first
		p.all(1, 5)
		p.round()
		p.Must(p.Fund.Answer(p.Ctx, apptest.Owner(first), fund.AnswerCmd{WishID: p.wish, MerchantID: first}))
		p.Work()
		p.wantOutcome("paying open 5")
		if e := p.escrow(); e.MerchantID != second || e.UnitPrice != 30_000 {
			t.Fatalf("%+v", e)
		}
		if _, err := p.Fund.Start(p.Ctx, apptest.Buyer(1), p.wants(1)); !errors.Is(err, collect.ErrPaid) {
			t.Errorf("keeps the place, and pays again: %v", err)
		}
		p.pays(6, 9)
		p.round()
		p.wantOutcome("fulfilling over 14 enough")
		for n := 1; n <= 5; n++ {
			p.wantWon(n, "30000 2000 28000")
		}
	})
}

// TestAStepOfQuantityLowersThePrice: fifteen units come together of twelve members, and the offer is cheaper from
// fourteen on (R14).
func TestAStepOfQuantityLowersThePrice(t *testing.T) {
	offer := parcel(30_000, 8)
	offer.Steps = []bid.PriceStep{{From: 14, UnitPrice: 27_000}}
	payIn(t, []bid.Offer{offer}, func(p *purse) {
		p.all(1, 11)
		p.pays(12, 4)
		p.round()
		p.wantOutcome("fulfilling over 15 enough")
		p.wantWon(1, "30000 3000 27000")
		p.wantWon(12, "120000 12000 108000")
	})
}

// TestNobodyIsLeft: the only seller steps back, and everybody is paid back.
func TestNobodyIsLeft(t *testing.T) {
	payIn(t, []bid.Offer{parcel(30_000, 8)}, func(p *purse) {
		p.all(1, 5)
		p.round()
		p.Must(p.Fund.Answer(p.Ctx, apptest.Owner(potter(1)), fund.AnswerCmd{WishID: p.wish, MerchantID: potter(1)}))
		p.Work()
		p.wantOutcome("gathering over 0 no_seller")
		for n := 1; n <= 5; n++ {
			p.wantWon(n, "30000 30000 0")
		}
	})
}

// TestNobodyPays: the wish gathers on, and nobody was charged.
func TestNobodyPays(t *testing.T) {
	payIn(t, []bid.Offer{parcel(30_000, 8), parcel(31_000, 8)}, func(p *purse) {
		p.round()
		p.wantOutcome("gathering over 0 nobody")
	})
}

// TestOneMemberHasOneShare: a double click, two tabs, another number of units meanwhile, and a second payment.
func TestOneMemberHasOneShare(t *testing.T) {
	payIn(t, []bid.Offer{parcel(30_000, 3)}, func(p *purse) {
		first, err := p.Fund.Start(p.Ctx, apptest.Buyer(1), p.wants(1))
		p.Must(err)
		again, err := p.Fund.Start(p.Ctx, apptest.Buyer(1), p.wants(1))
		p.Must(err)
		if again.Payment.ID != first.Payment.ID || again.URL != first.URL {
			t.Errorf("a second page: %s, %s", first.Payment.ID, again.Payment.ID)
		}
		key, err := p.Client.Authorize(p.Ctx, gateway.AuthorizeRequest{CheckoutKey: first.Payment.CheckoutKey,
			Instrument: gateway.InstrumentOK})
		p.Must(err)
		two, twoKey := p.authorize(1, 2, gateway.InstrumentOK)
		if two == first.Payment.ID {
			t.Error("another number of units on the same page")
		}
		if _, err := p.Fund.Pay(p.Ctx, first.Payment.ID, key); !errors.Is(err, payment.ErrLate) {
			t.Errorf("the first tab: %v", err)
		}
		for range 2 {
			paid, err := p.Fund.Pay(p.Ctx, two, twoKey)
			p.Must(err)
			if paid.Order.Quantity != 2 || paid.Late {
				t.Errorf("%+v", paid)
			}
		}
		if _, err := p.Fund.Start(p.Ctx, apptest.Buyer(1), p.wants(1)); !errors.Is(err, collect.ErrPaid) {
			t.Errorf("a second share: %v", err)
		}
		p.wantWon(1, "60000 0 60000")
		p.all(2, 3)
		p.round()
		p.wantOutcome("fulfilling over 4 enough")
	})
}

// TestWhoMayPay: firm members alone, units within the offer, at the price there is, with an address, having said yes.
func TestWhoMayPay(t *testing.T) {
	offer := parcel(30_000, 3)
	offer.QuantityMax = 30
	payIn(t, []bid.Offer{offer}, func(p *purse) {
		for _, c := range []struct {
			name   string
			who    int
			change func(*fund.StartCmd)
			want   error
		}{
			{"a stranger", 99, func(*fund.StartCmd) {}, collect.ErrFirm},
			{"no unit", 1, func(c *fund.StartCmd) { c.Quantity = 0 }, collect.ErrQuantity},
			{"more than a member's part", 1, func(c *fund.StartCmd) { c.Quantity = 3 }, collect.ErrQuantity},
			{"a price of yesterday", 1, func(c *fund.StartCmd) { c.UnitPrice-- }, collect.ErrPrice},
			{"no yes", 1, func(c *fund.StartCmd) { c.Agreed = false }, collect.ErrAgree},
			{"nowhere", 1, func(c *fund.StartCmd) { c.To = collect.Address{} }, nil},
			{"another wish", 1, func(c *fund.StartCmd) { c.WishID = "wsh_none" }, collect.ErrFirm},
		} {
			cmd := p.wants(2)
			c.change(&cmd)
			_, err := p.Fund.Start(p.Ctx, apptest.Buyer(c.who), cmd)
			if err == nil || c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("%s: %v", c.name, err)
			}
		}
		if _, err := p.Fund.Start(p.Ctx, market.Actor{}, p.wants(1)); err == nil {
			t.Error("nobody pays")
		}
		p.all(1, 3)
		p.round()
	})
}

// TestTheGatewayMisbehaves: a decline, answers that never come, errors before and after the charge.
func TestTheGatewayMisbehaves(t *testing.T) {
	payIn(t, []bid.Offer{parcel(30_000, 3)}, func(p *purse) {
		id, key := p.authorize(1, 1, gateway.InstrumentDecline)
		if _, err := p.Fund.Pay(p.Ctx, id, key); !errors.Is(err, payment.ErrDeclined) {
			t.Errorf("declined: %v", err)
		}
		p.pays(1, 1)
		for n, instrument := range []string{gateway.InstrumentTimeoutCharged, gateway.InstrumentErrorAfterCharge,
			gateway.InstrumentErrorBeforeCharge} {
			id, key := p.authorize(n+2, 1, instrument)
			_, err := p.Fund.Pay(p.Ctx, id, key)
			if err != nil && !errors.Is(err, payment.ErrPending) {
				t.Errorf("%s: %v", instrument, err)
			}
		}
		p.Pass(time.Minute)
		p.wantOutcome("paying open 4")
		for n := 1; n <= 4; n++ {
			p.wantWon(n, "30000 0 30000")
		}
		p.round()
		p.wantOutcome("fulfilling over 4 enough")
	})
}

// TestMoneyTakenBackMakesNoShare: the gateway charged, its answer was lost, and somebody took the whole back there
// before it was looked up: there is no money that could wait for a seller.
func TestMoneyTakenBackMakesNoShare(t *testing.T) {
	payIn(t, []bid.Offer{parcel(30_000, 1)}, func(p *purse) {
		id, key := p.authorize(1, 1, gateway.InstrumentOK)
		begun, err := p.Fund.Begin(p.Ctx, id, key)
		p.Must(err)
		charged, err := p.Client.Confirm(p.Ctx, gateway.ConfirmRequest{PaymentKey: key, OrderID: string(id),
			Amount: begun.Amount, IdempotencyKey: "confirm-" + string(id) + "-" + key})
		p.Must(err)
		_, err = p.Client.Cancel(p.Ctx, gateway.CancelRequest{PaymentKey: charged.PaymentKey, Reason: "시험",
			IdempotencyKey: "taken-back"})
		p.Must(err)
		p.Pass(time.Minute)
		p.wantOutcome("paying open 0")
		p.wantWon(1, "0 0 0")
		p.pays(1, 1)
	})
}

// TestKilledBetweenIntentAndOutcome: the node dies after it wrote the intent, before or after the gateway charged, and
// the time to pay runs out meanwhile: the end waits, and the payer counts.
func TestKilledBetweenIntentAndOutcome(t *testing.T) {
	payIn(t, []bid.Offer{parcel(30_000, 4)}, func(p *purse) {
		p.all(1, 2)
		p.Clock.Set(p.collect().Until.Add(-time.Second))
		for n := 3; n <= 4; n++ {
			id, key := p.authorize(n, 1, gateway.InstrumentOK)
			begun, err := p.Fund.Begin(p.Ctx, id, key)
			p.Must(err)
			if n == 4 { // the gateway was asked, and its answer fell with the node
				_, err := p.Client.Confirm(p.Ctx, gateway.ConfirmRequest{PaymentKey: key, OrderID: string(id),
					Amount: begun.Amount, IdempotencyKey: "confirm-" + string(id) + "-" + key})
				p.Must(err)
			}
		}
		p.Clock.Set(p.collect().Until)
		job := eventFundJob(p)
		if err := p.Fund.Close(p.Ctx, job); !errors.Is(err, fund.ErrWait) {
			t.Errorf("the end did not wait: %v", err)
		}
		p.Pass(time.Minute)
		p.Pass(time.Minute)
		p.wantOutcome("fulfilling over 4 enough")
	})
}

// TestMoneyAfterTheEnd: an attempt whose answer comes when the seller is at work already goes back (R2c), and one that
// was authorised and never begun is not charged.
func TestMoneyAfterTheEnd(t *testing.T) {
	payIn(t, []bid.Offer{parcel(30_000, 3)}, func(p *purse) {
		p.all(1, 3)
		p.Clock.Set(p.collect().Until.Add(-time.Minute))
		late, lateKey := p.authorize(4, 1, gateway.InstrumentOK)
		_, err := p.Fund.Begin(p.Ctx, late, lateKey)
		p.Must(err)
		never, neverKey := p.authorize(5, 1, gateway.InstrumentOK)
		answer, err := p.Client.Confirm(p.Ctx, gateway.ConfirmRequest{PaymentKey: lateKey, OrderID: string(late),
			Amount: 30_000, IdempotencyKey: "confirm-" + string(late) + "-" + lateKey})
		p.Must(err)
		p.Clock.Set(p.collect().Until.Add(2 * time.Hour)) // longer than the end waits
		p.Must(p.Fund.Close(p.Ctx, eventFundJob(p)))
		p.wantOutcome("fulfilling over 3 enough")
		paid, err := p.Fund.Confirm(p.Ctx, fund.ConfirmCmd{PaymentID: late,
			Answer: gateway.Answer{PaymentKey: lateKey, Captured: true, Amount: answer.Amount}})
		p.Must(err)
		if !paid.Late {
			t.Errorf("%+v", paid)
		}
		if _, err := p.Fund.Pay(p.Ctx, never, neverKey); !errors.Is(err, payment.ErrLate) {
			t.Errorf("charged after the end: %v", err)
		}
		p.wantWon(4, "30000 30000 0")
		p.wantWon(5, "0 0 0")
	})
}

// TestTheLastInstant: who begins a moment before the end pays, who begins at the end does not.
func TestTheLastInstant(t *testing.T) {
	payIn(t, []bid.Offer{parcel(30_000, 3)}, func(p *purse) {
		p.all(1, 2)
		p.Clock.Set(p.collect().Until.Add(-time.Minute))
		in, inKey := p.authorize(3, 1, gateway.InstrumentOK)
		out, outKey := p.authorize(4, 1, gateway.InstrumentOK)
		p.Clock.Set(p.collect().Until.Add(-time.Microsecond))
		_, err := p.Fund.Begin(p.Ctx, in, inKey)
		p.Must(err)
		p.Clock.Advance(time.Microsecond)
		if _, err := p.Fund.Pay(p.Ctx, out, outKey); !errors.Is(err, payment.ErrLate) {
			t.Errorf("at the end: %v", err)
		}
		paid, err := p.Fund.Pay(p.Ctx, in, inKey)
		p.Must(err)
		if !paid.First {
			t.Errorf("%+v", paid)
		}
		p.Work()
		p.wantOutcome("fulfilling over 3 enough")
	})
}

// TestManyPayAtOnce: all members pay in parallel, each from two tabs, while the end comes.
func TestManyPayAtOnce(t *testing.T) {
	payIn(t, []bid.Offer{parcel(30_000, 3)}, func(p *purse) {
		ids, keys := make([]market.PaymentID, crowd+1), make([]string, crowd+1)
		for n := 1; n <= crowd; n++ {
			ids[n], keys[n] = p.authorize(n, 1, gateway.InstrumentOK)
		}
		done := make(chan error, 2*crowd)
		for n := 1; n <= crowd; n++ {
			for range 2 {
				go func() {
					_, err := p.Fund.Pay(p.Ctx, ids[n], keys[n])
					done <- err
				}()
			}
		}
		for range 2 * crowd {
			if err := <-done; err != nil && !errors.Is(err, payment.ErrPending) && !errors.Is(err, collect.ErrMoved) {
				t.Error(err)
			}
		}
		p.Pass(time.Minute)
		p.wantOutcome(fmt.Sprintf("paying open %d", crowd))
		p.round()
		p.wantOutcome(fmt.Sprintf("fulfilling over %d enough", crowd))
	})
}

// TestDeadlinesRunTwice: every deadline early, twice and late changes nothing but once.
func TestDeadlinesRunTwice(t *testing.T) {
	payIn(t, []bid.Offer{parcel(30_000, 8), parcel(31_000, 8)}, func(p *purse) {
		p.all(1, 5)
		job := eventFundJob(p)
		steps := []func() error{
			func() error { return p.Fund.Open(p.Ctx, p.wish) },
			func() error { return p.Fund.Close(p.Ctx, job) },
			func() error { return p.Fund.Silence(p.Ctx, job) },
			func() error { return p.Fund.Consent(p.Ctx, job) },
			func() error { return p.Fund.Empty(p.Ctx, job) },
			func() error { return tell.Step(p.Ctx, p.DB, job) },
		}
		every := func() {
			t.Helper()
			for range 2 {
				for _, step := range steps {
					p.Must(step())
				}
			}
		}
		every()
		p.wantOutcome("paying open 5")
		p.Clock.Set(p.collect().Until)
		every()
		p.wantOutcome("paying asking 5")
		p.Clock.Set(p.collect().AnswerBy)
		every()
		p.wantOutcome("paying open 5")
		if c := p.collect(); c.Round != 2 {
			t.Errorf("round %d", c.Round)
		}
		p.round() // nobody agreed to the dearer offer
		p.wantOutcome("gathering over 0 nobody")
	})
}

// TestAWinnerWhoMayNotBePaidIsPassedOver: between the award and the paying the winner lost what makes it one, and so
// does the next one while members pay.
func TestAWinnerWhoMayNotBePaidIsPassedOver(t *testing.T) {
	offers := []bid.Offer{parcel(30_000, 3), parcel(31_000, 3), parcel(32_000, 3)}
	choose(t, bid.InTheOpen, offers, func(p *purse) {
		p.Clock.Advance(24 * time.Hour)
		p.Must(p.Auction.Award(p.Ctx, p.wish))
		p.suspend(potter(1))
		p.Work()
		if c := p.collect(); p.state() != wish.Paying || c.MerchantID != potter(2) || c.Round != 1 {
			t.Fatalf("%s, %+v", p.state(), c)
		}
		p.suspend(potter(3))
		p.all(1, 2)
		p.round()
		p.Must(p.Fund.Answer(p.Ctx, apptest.Owner(potter(2)), fund.AnswerCmd{WishID: p.wish, MerchantID: potter(2)}))
		p.Work()
		p.wantOutcome("gathering over 0 no_seller")
		p.wantWon(1, "31000 31000 0")
	})
}
