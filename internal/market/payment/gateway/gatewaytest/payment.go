package gatewaytest

import (
	"time"

	"github.com/dure-commerce/dure/internal/market/payment/gateway"
)

func (s *suite) captures() {
	in := s.authorised(s.order(), 19_900, gateway.InstrumentOK)
	before, err := s.Gateway.Lookup(s.ctx, in.PaymentKey)
	s.must(err)
	equal(s, "state before", before.Status, gateway.StatusInProgress)
	p, err := s.Gateway.Confirm(s.ctx, in)
	s.must(err)
	equal(s, "state", p.Status, gateway.StatusDone)
	equal(s, "amount", p.Amount, 19_900)
	equal(s, "balance", p.Balance, 19_900)
	equal(s, "order", p.OrderID, in.OrderID)
	equal(s, "approval", p.ApprovedAt.Truncate(time.Second), s.Now().Truncate(time.Second))
	again, err := s.Gateway.LookupByOrder(s.ctx, in.OrderID)
	s.must(err)
	equal(s, "payment of the order", again.PaymentKey, p.PaymentKey)
	n, sum := s.capturesOf(in.OrderID)
	equal(s, "captures", n, 1)
	equal(s, "captured", sum, 19_900)
}

func (s *suite) refusesOtherAmount() {
	in := s.authorised(s.order(), 10_000, gateway.InstrumentOK)
	less, other := in, in
	less.Amount, less.IdempotencyKey = 100, "confirm:less"
	other.OrderID, other.IdempotencyKey = "ord_someone_else", "confirm:other"
	_, err := s.Gateway.Confirm(s.ctx, less)
	s.is(err, gateway.Declined)
	_, err = s.Gateway.Confirm(s.ctx, other)
	s.is(err, gateway.Declined)
	p, err := s.Gateway.Confirm(s.ctx, in)
	s.must(err)
	equal(s, "state", p.Status, gateway.StatusDone)
}

func (s *suite) repeatsConfirm() {
	in := s.authorised(s.order(), 5_000, gateway.InstrumentOK)
	first, err := s.Gateway.Confirm(s.ctx, in)
	s.must(err)
	_, err = s.Gateway.Cancel(s.ctx, gateway.CancelRequest{
		PaymentKey: first.PaymentKey, Reason: "변심", Amount: 2_000, IdempotencyKey: "cancel:" + first.PaymentKey,
	})
	s.must(err)
	second, err := s.Gateway.Confirm(s.ctx, in)
	s.must(err)
	// The repetition is an echo of the past: only a lookup tells the present.
	equal(s, "balance of the repetition", second.Balance, 5_000)
	present, err := s.Gateway.Lookup(s.ctx, first.PaymentKey)
	s.must(err)
	equal(s, "present balance", present.Balance, 3_000)
}

func (s *suite) findsCaptured() {
	in := s.authorised(s.order(), 5_000, gateway.InstrumentOK)
	_, err := s.Gateway.Confirm(s.ctx, in)
	s.must(err)
	in.IdempotencyKey += ":later"
	p, err := s.Gateway.Confirm(s.ctx, in)
	s.must(err)
	equal(s, "state", p.Status, gateway.StatusDone)
	n, _ := s.capturesOf(in.OrderID)
	equal(s, "captures", n, 1)
}

func (s *suite) noticesForeignAnswer() {
	one := s.authorised(s.order(), 5_000, gateway.InstrumentOK)
	two := s.authorised(s.order(), 7_000, gateway.InstrumentOK)
	_, err := s.Gateway.Confirm(s.ctx, one)
	s.must(err)
	two.IdempotencyKey = one.IdempotencyKey
	_, err = s.Gateway.Confirm(s.ctx, two)
	s.is(err, gateway.Unknown)
	equal(s, "code", gateway.CodeOf(err), gateway.CodeMismatch)
	p, err := s.Gateway.Lookup(s.ctx, two.PaymentKey)
	s.must(err)
	equal(s, "state of the second", p.Status, gateway.StatusInProgress)
}

func (s *suite) declines() {
	in := s.authorised(s.order(), 5_000, gateway.InstrumentDecline)
	_, err := s.Gateway.Confirm(s.ctx, in)
	s.is(err, gateway.Declined)
	in.IdempotencyKey += ":again"
	_, err = s.Gateway.Confirm(s.ctx, in)
	s.is(err, gateway.Declined)
	p, err := s.Gateway.LookupByOrder(s.ctx, in.OrderID)
	s.must(err)
	equal(s, "state", p.Status, gateway.StatusAborted)
	if p.FailureCode == "" {
		s.Fatal("a declined payment without a reason")
	}
	n, _ := s.capturesOf(in.OrderID)
	equal(s, "captures", n, 0)
}

func (s *suite) findsLostCharge() {
	for _, instrument := range []string{gateway.InstrumentTimeoutCharged, gateway.InstrumentErrorAfterCharge} {
		in := s.authorised(s.order(), 8_800, instrument)
		_, err := s.Gateway.Confirm(s.ctx, in)
		s.is(err, gateway.Unknown)
		found, err := s.Gateway.LookupByOrder(s.ctx, in.OrderID)
		s.must(err)
		equal(s, "state found", found.Status, gateway.StatusDone)
		p, err := s.Gateway.Confirm(s.ctx, in)
		s.must(err)
		equal(s, "payment", p.PaymentKey, found.PaymentKey)
		n, sum := s.capturesOf(in.OrderID)
		equal(s, "captures", n, 1)
		equal(s, "captured", sum, 8_800)
	}
}

func (s *suite) repeatsAfterError() {
	in := s.authorised(s.order(), 8_800, gateway.InstrumentErrorBeforeCharge)
	_, err := s.Gateway.Confirm(s.ctx, in)
	s.is(err, gateway.Unknown)
	found, err := s.Gateway.LookupByOrder(s.ctx, in.OrderID)
	s.must(err)
	equal(s, "state found", found.Status, gateway.StatusInProgress)
	p, err := s.Gateway.Confirm(s.ctx, in)
	s.must(err)
	equal(s, "state", p.Status, gateway.StatusDone)
}

func (s *suite) paysOrderOnce() {
	order := s.order()
	one := s.authorised(order, 5_000, gateway.InstrumentOK)
	two := s.authorised(order, 5_000, gateway.InstrumentOK)
	_, err := s.Gateway.Confirm(s.ctx, one)
	s.must(err)
	_, err = s.Gateway.Confirm(s.ctx, two)
	s.is(err, gateway.Declined)
	p, err := s.Gateway.LookupByOrder(s.ctx, order)
	s.must(err)
	equal(s, "payment of the order", p.PaymentKey, one.PaymentKey)
	n, _ := s.capturesOf(order)
	equal(s, "captures", n, 1)
}

func (s *suite) knowsNothing() {
	_, err := s.Gateway.Lookup(s.ctx, "pay_nobody")
	s.is(err, gateway.NotFound)
	_, err = s.Gateway.LookupByOrder(s.ctx, "ord_nobody")
	s.is(err, gateway.NotFound)
	_, err = s.Gateway.LookupTransfer(s.ctx, "pyt_nobody")
	s.is(err, gateway.NotFound)
	_, err = s.Gateway.Cancel(s.ctx, gateway.CancelRequest{
		PaymentKey: "pay_nobody", Reason: "변심", Amount: 100, IdempotencyKey: "cancel:nobody",
	})
	s.is(err, gateway.NotFound)
}

func (s *suite) expires() {
	in := s.authorised(s.order(), 5_000, gateway.InstrumentOK)
	s.Advance(11 * time.Minute)
	_, err := s.Gateway.Confirm(s.ctx, in)
	s.is(err, gateway.Declined)
	s.Settle()
	p, err := s.Gateway.Lookup(s.ctx, in.PaymentKey)
	s.must(err)
	equal(s, "state", p.Status, gateway.StatusExpired)
}

func (s *suite) cancelsInParts() {
	p := s.paid(10_000)
	cancel := func(name string, won int64) (gateway.Payment, error) {
		return s.Gateway.Cancel(s.ctx, gateway.CancelRequest{
			PaymentKey: p.PaymentKey, Reason: "변심", Amount: won, IdempotencyKey: name + p.PaymentKey,
		})
	}
	p1, err := cancel("a", 3_000)
	s.must(err)
	equal(s, "state", p1.Status, gateway.StatusPartialCanceled)
	equal(s, "balance", p1.Balance, 7_000)
	_, err = cancel("b", 7_001)
	s.is(err, gateway.Declined)
	p2, err := cancel("c", 4_000)
	s.must(err)
	equal(s, "cancels", len(p2.Cancels), 2)
	p3, err := cancel("d", 0)
	s.must(err)
	equal(s, "state", p3.Status, gateway.StatusCanceled)
	equal(s, "balance", p3.Balance, 0)
	equal(s, "cancelled", p3.Canceled(), 10_000)
	if _, err = cancel("e", 1); err == nil {
		s.Fatal("more was cancelled than was paid")
	}
	_, sum := s.capturesOf(p.OrderID)
	equal(s, "sum of the order's transactions", sum, 0)
}

func (s *suite) repeatsCancel() {
	p := s.paid(10_000)
	in := gateway.CancelRequest{PaymentKey: p.PaymentKey, Reason: "변심", Amount: 3_000, IdempotencyKey: "rfd_1"}
	for range 3 {
		_, err := s.Gateway.Cancel(s.ctx, in)
		s.must(err)
	}
	present, err := s.Gateway.Lookup(s.ctx, p.PaymentKey)
	s.must(err)
	equal(s, "balance", present.Balance, 7_000)
	// The same key with another amount gets the first answer: the adapter must not take it for the second's.
	in.Amount = 4_000
	_, err = s.Gateway.Cancel(s.ctx, in)
	s.is(err, gateway.Unknown)
	equal(s, "code", gateway.CodeOf(err), gateway.CodeMismatch)
	unpaid := s.authorised(s.order(), 5_000, gateway.InstrumentOK)
	_, err = s.Gateway.Cancel(s.ctx, gateway.CancelRequest{
		PaymentKey: unpaid.PaymentKey, Reason: "변심", IdempotencyKey: "rfd_2",
	})
	s.is(err, gateway.Declined)
}

func (s *suite) refusesUnsendable() {
	_, err := s.Gateway.Confirm(s.ctx, gateway.ConfirmRequest{PaymentKey: "pay_1", OrderID: "ord_1", Amount: 100})
	s.is(err, gateway.Declined)
	equal(s, "code", gateway.CodeOf(err), gateway.CodeRequest)
	_, err = s.Gateway.Cancel(s.ctx, gateway.CancelRequest{PaymentKey: "pay_1", Reason: "변심", Amount: 100})
	s.is(err, gateway.Declined)
	_, err = s.Gateway.Transfer(s.ctx, gateway.TransferRequest{From: gateway.AccountCustody, Amount: 100})
	s.is(err, gateway.Declined)
}

func (s *suite) notifies() {
	p := s.paid(5_000)
	s.Settle()
	notices := s.Notices()
	equal(s, "notices", len(notices), 1)
	n := notices[0]
	event, err := s.Gateway.VerifyWebhook(n.Header, n.Body, s.Now())
	s.must(err)
	equal(s, "kind", event.Kind, gateway.EventPaymentStatusChanged)
	equal(s, "payment", event.Payment.PaymentKey, p.PaymentKey)
	equal(s, "state", event.Payment.Status, gateway.StatusDone)
	equal(s, "amount", event.Payment.Amount, 5_000)
	if event.ID == "" {
		s.Fatal("a notice without an id")
	}
	altered := append([]byte{}, n.Body...)
	altered[len(altered)/2] ^= 1
	_, err = s.Gateway.VerifyWebhook(n.Header, altered, s.Now())
	s.is(err, gateway.Declined)
	equal(s, "code of an altered one", gateway.CodeOf(err), gateway.CodeForged)
	for _, off := range []time.Duration{5*time.Minute + 2*time.Second, -5*time.Minute - 2*time.Second} {
		_, err = s.Gateway.VerifyWebhook(n.Header, n.Body, s.Now().Add(off))
		equal(s, "code of a stale one", gateway.CodeOf(err), gateway.CodeStale)
	}
}
