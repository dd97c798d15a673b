package gateway_test

import (
	"errors"
	"testing"

	"github.com/dure-commerce/dure/internal/market/payment/gateway"
)

// TestAnswerOf: money counts as captured only while it is there; what came and went back whole is no payment.
func TestAnswerOf(t *testing.T) {
	said := func(s gateway.Status) gateway.Payment {
		return gateway.Payment{PaymentKey: "its", Amount: 700, Status: s, FailureCode: "WHY"}
	}
	for _, c := range []struct {
		payment gateway.Payment
		err     error
		want    gateway.Answer
	}{
		{said(gateway.StatusDone), nil, gateway.Answer{PaymentKey: "its", Captured: true, Amount: 700}},
		{said(gateway.StatusPartialCanceled), nil, gateway.Answer{PaymentKey: "its", Captured: true, Amount: 700}},
		{said(gateway.StatusCanceled), nil, gateway.Answer{PaymentKey: "its", Code: gateway.CodeTakenBack}},
		{said(gateway.StatusAborted), nil, gateway.Answer{PaymentKey: "its", Code: "WHY"}},
		{said(gateway.StatusExpired), nil, gateway.Answer{PaymentKey: "its", Code: "WHY"}},
		{gateway.Payment{}, &gateway.Error{Outcome: gateway.Declined, Code: "REJECT"},
			gateway.Answer{PaymentKey: "ours", Code: "REJECT"}},
		{gateway.Payment{}, errors.New("anything"), gateway.Answer{PaymentKey: "ours"}},
	} {
		if got := gateway.AnswerOf("ours", c.payment, c.err); got != c.want {
			t.Errorf("%s, %v: %+v", c.payment.Status, c.err, got)
		}
	}
}
