package event

import "github.com/dure-commerce/dure/internal/market"

// Jobs hand one journey over to the next, or to a later hour. app/jobs.go names the handler of each.
const (
	JobDealOpen     = "deal.open"       // the sale begins
	JobDealClose    = "deal.close"      // the window has ended
	JobDealDecide   = "deal.decide"     // decide once the last hold is gone
	JobDealAskOver  = "deal.ask_over"   // the merchant's day to answer has ended
	JobDealActivate = "deal.activate"   // vouchers of a tipped deal become usable, in chunks
	JobDealRefund   = "deal.refund"     // every order of a failed or cancelled deal goes back, in chunks
	JobRefundSend   = "refund.send"     // ask the gateway to pay one refund
	JobPaymentCheck = "payment.resolve" // look an attempt up that a webhook spoke of
	JobMailSend     = "mail.send"
	JobNotify       = "deal.notify" // tell those who asked that a sale begins
)

// DealJob is the payload of a deal's jobs.
type DealJob struct {
	DealID market.DealID `json:"deal_id"`
	Cause  string        `json:"cause,omitempty"`
}

// PaymentJob is the payload of jobs about one attempt to pay.
type PaymentJob struct {
	PaymentID market.PaymentID `json:"payment_id"`
	Key       string           `json:"key,omitempty"`
}

// RefundJob is the payload of JobRefundSend.
type RefundJob struct {
	RefundID market.RefundID `json:"refund_id"`
}
