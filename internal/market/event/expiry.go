package event

import "github.com/dure-commerce/dure/internal/market"

// VoucherExpired: its time ended with uses left; Claim waits for its owner, Share went to the merchant.
type VoucherExpired struct {
	VoucherID  market.VoucherID  `json:"voucher_id"`
	OrderID    market.OrderID    `json:"order_id"`
	DealID     market.DealID     `json:"deal_id"`
	MerchantID market.MerchantID `json:"merchant_id"`
	AccountID  market.AccountID  `json:"account_id"`
	Price      int64             `json:"price"`
	Claim      int64             `json:"claim"`
	Share      int64             `json:"share"`
}

// Kind names the event in the feed.
func (VoucherExpired) Kind() string { return "voucher.expired" }

// Aggregate is the voucher.
func (e VoucherExpired) Aggregate() string { return string(e.VoucherID) }
