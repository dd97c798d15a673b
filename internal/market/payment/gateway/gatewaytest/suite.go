package gatewaytest

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/market/payment/gateway"
)

// World is one fresh gateway with everything around it that the suite moves.
type World struct {
	Gateway   gateway.Gateway
	Simulator gateway.Simulator
	// Settle lets the gateway do all work that is due now.
	Settle func()
	// Advance moves the gateway's clock.
	Advance func(d time.Duration)
	// Notices gives the webhooks received since the last call.
	Notices func() []Notice
	// Now is the world's present instant.
	Now func() time.Time
}

// Notice is a webhook as it arrived.
type Notice struct {
	Header http.Header
	Body   []byte
}

// Run checks an adapter; fresh makes a world that begins on a Korean business day at noon, with empty accounts.
func Run(t *testing.T, fresh func(t *testing.T) World) {
	t.Helper()
	for _, c := range []struct {
		name  string
		check func(s *suite)
	}{
		{"a payment is prepared, authorised and captured once", (*suite).captures},
		{"a wrong order or amount is refused and spoils nothing", (*suite).refusesOtherAmount},
		{"a confirm repeated with its key gives the first answer", (*suite).repeatsConfirm},
		{"a confirm with a new key finds the captured payment", (*suite).findsCaptured},
		{"a key used for another payment is noticed", (*suite).noticesForeignAnswer},
		{"a declined card is a definite refusal", (*suite).declines},
		{"a charge whose answer is lost is found and not repeated", (*suite).findsLostCharge},
		{"a server error before the charge can be repeated", (*suite).repeatsAfterError},
		{"an order is paid by one payment only", (*suite).paysOrderOnce},
		{"an unknown payment is not found", (*suite).knowsNothing},
		{"an abandoned payment expires", (*suite).expires},
		{"partial cancels add up and never pass the amount", (*suite).cancelsInParts},
		{"a cancel repeated with its key cancels once", (*suite).repeatsCancel},
		{"a request without identity is never sent", (*suite).refusesUnsendable},
		{"notices are signed and tell of the payment", (*suite).notifies},
		{"a settlement adds up to the bank's entry", (*suite).settles},
		{"a transfer happens once for each reference", (*suite).transfers},
		{"money moves between own accounts", (*suite).movesBetweenAccounts},
	} {
		t.Run(c.name, func(t *testing.T) { c.check(&suite{T: t, ctx: t.Context(), World: fresh(t)}) })
	}
}

// suite is one running check.
type suite struct {
	*testing.T
	World
	ctx    context.Context
	orders int
}

// order makes a new order id, so that checks never meet.
func (s *suite) order() string {
	s.orders++
	return fmt.Sprintf("ord_suite%06d", s.orders)
}

// authorised prepares an order and lets the payer choose an instrument.
func (s *suite) authorised(order string, won int64, instrument string) gateway.ConfirmRequest {
	s.Helper()
	checkout, err := s.Gateway.Prepare(s.ctx, gateway.PrepareRequest{
		OrderID: order, OrderName: "동네 빵집 식빵", Amount: won, Customer: "acc_suite",
		SuccessURL: "https://dure.example/paid", FailURL: "https://dure.example/failed",
	})
	s.must(err)
	if checkout.Key == "" || checkout.URL == "" {
		s.Fatalf("checkout without key or address: %+v", checkout)
	}
	key, err := s.Simulator.Authorize(s.ctx, gateway.AuthorizeRequest{CheckoutKey: checkout.Key, Instrument: instrument})
	s.must(err)
	return gateway.ConfirmRequest{PaymentKey: key, OrderID: order, Amount: won, IdempotencyKey: "confirm:" + key}
}

// paid gives a captured payment.
func (s *suite) paid(won int64) gateway.Payment {
	s.Helper()
	p, err := s.Gateway.Confirm(s.ctx, s.authorised(s.order(), won, gateway.InstrumentOK))
	s.must(err)
	return p
}

func (s *suite) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatalf("unexpected error: %v", err)
	}
}

// is fails unless the error has the outcome.
func (s *suite) is(err error, want gateway.Outcome) {
	s.Helper()
	if got := gateway.OutcomeOf(err); got != want {
		s.Fatalf("outcome %s, want %s: %v", got, want, err)
	}
}

// equal fails unless both are the same.
func equal[T comparable](s *suite, what string, got, want T) {
	s.Helper()
	if got != want {
		s.Fatalf("%s is %v, want %v", what, got, want)
	}
}

// day is the world's Korean calendar day.
func (s *suite) day() string { return s.Now().In(time.FixedZone("KST", 9*60*60)).Format(time.DateOnly) }

// capturesOf counts the captures the gateway lists for an order.
func (s *suite) capturesOf(order string) (n int, sum int64) {
	s.Helper()
	rows, more, err := s.Gateway.Transactions(s.ctx, s.day(), s.day(), "")
	s.must(err)
	equal(s, "more transactions", more, false)
	for _, r := range rows {
		if r.OrderID == order {
			sum += r.Amount
			if r.Amount > 0 {
				n++
			}
		}
	}
	return n, sum
}
