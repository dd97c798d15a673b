package event

import "github.com/dure-commerce/dure/internal/market"

// OrderHeld: units are reserved for some minutes.
type OrderHeld struct {
	OrderID   market.OrderID   `json:"order_id"`
	DealID    market.DealID    `json:"deal_id"`
	AccountID market.AccountID `json:"account_id"`
	Units     int64            `json:"units"`
	Amount    int64            `json:"amount"`
}

// OrderPaid: money arrived in time; the units count.
type OrderPaid struct {
	OrderID    market.OrderID    `json:"order_id"`
	DealID     market.DealID     `json:"deal_id"`
	MerchantID market.MerchantID `json:"merchant_id"`
	AccountID  market.AccountID  `json:"account_id"`
	Units      int64             `json:"units"`
	Amount     int64             `json:"amount"`
}

// OrderLapsed: the hold ended unpaid, or was given up.
type OrderLapsed struct {
	OrderID   market.OrderID   `json:"order_id"`
	DealID    market.DealID    `json:"deal_id"`
	AccountID market.AccountID `json:"account_id"`
	Units     int64            `json:"units"`
	Cancelled bool             `json:"cancelled"`
}

// OrderRefundDecided: money of an order goes back; units leave the count.
type OrderRefundDecided struct {
	OrderID    market.OrderID    `json:"order_id"`
	DealID     market.DealID     `json:"deal_id"`
	MerchantID market.MerchantID `json:"merchant_id"`
	AccountID  market.AccountID  `json:"account_id"`
	RefundID   market.RefundID   `json:"refund_id"`
	VoucherID  market.VoucherID  `json:"voucher_id,omitempty"`
	Units      int64             `json:"units"`
	Amount     int64             `json:"amount"`
	Cause      string            `json:"cause"`
}

// RefundAccepted: the gateway took the refund; the money is on its way.
type RefundAccepted struct {
	RefundID  market.RefundID  `json:"refund_id"`
	OrderID   market.OrderID   `json:"order_id"`
	AccountID market.AccountID `json:"account_id"`
	Amount    int64            `json:"amount"`
}

func (OrderHeld) Kind() string          { return "order.held" }
func (OrderPaid) Kind() string          { return "order.paid" }
func (OrderLapsed) Kind() string        { return "order.lapsed" }
func (OrderRefundDecided) Kind() string { return "order.refund_decided" }
func (RefundAccepted) Kind() string     { return "refund.accepted" }

func (e OrderHeld) Aggregate() string          { return string(e.OrderID) }
func (e OrderPaid) Aggregate() string          { return string(e.OrderID) }
func (e OrderLapsed) Aggregate() string        { return string(e.OrderID) }
func (e OrderRefundDecided) Aggregate() string { return string(e.OrderID) }
func (e RefundAccepted) Aggregate() string     { return string(e.RefundID) }
