package gateway

import "context"

// Capture captures an attempt of this project; asking again with the same key repeats the answer. A key made by
// ChargeKey is charged by the simulator, which may be nil where there is none.
func Capture(ctx context.Context, g Gateway, s Simulator, in ConfirmRequest) (Payment, error) {
	in.IdempotencyKey = "confirm-" + in.OrderID + "-" + in.PaymentKey
	if s != nil && IsCharge(in.PaymentKey) {
		return s.Charge(ctx, in)
	}
	return g.Confirm(ctx, in)
}

// Answer is what became of an attempt, as the gateway says it.
type Answer struct {
	PaymentKey string
	Captured   bool
	Amount     int64  // won captured
	Code       string // why not
}

// AnswerOf reads an answer to the attempt with a key, or a refusal of it. Money that came and went back whole before we
// heard of it was not captured.
func AnswerOf(key string, p Payment, err error) Answer {
	if err != nil {
		return Answer{PaymentKey: key, Code: CodeOf(err)}
	}
	switch {
	case p.Status == StatusCanceled:
		return Answer{PaymentKey: p.PaymentKey, Code: CodeTakenBack}
	case p.Status.Captured():
		return Answer{PaymentKey: p.PaymentKey, Captured: true, Amount: p.Amount}
	}
	return Answer{PaymentKey: p.PaymentKey, Code: p.FailureCode}
}
