package event

import "github.com/dure-commerce/dure/internal/market"

// VoucherActivated: the deal tipped and the voucher can be used.
type VoucherActivated struct {
	VoucherID  market.VoucherID  `json:"voucher_id"`
	OrderID    market.OrderID    `json:"order_id"`
	DealID     market.DealID     `json:"deal_id"`
	MerchantID market.MerchantID `json:"merchant_id"`
	AccountID  market.AccountID  `json:"account_id"`
}

// VoucherRedeemed: units were used in the shop; the merchant earned Net.
type VoucherRedeemed struct {
	RedemptionID market.RedemptionID `json:"redemption_id"`
	VoucherID    market.VoucherID    `json:"voucher_id"`
	OrderID      market.OrderID      `json:"order_id"`
	DealID       market.DealID       `json:"deal_id"`
	MerchantID   market.MerchantID   `json:"merchant_id"`
	BranchID     market.BranchID     `json:"branch_id"`
	AccountID    market.AccountID    `json:"account_id"`
	Units        int64               `json:"units"`
	Price        int64               `json:"price"`
	Commission   int64               `json:"commission"`
	VAT          int64               `json:"vat"`
	Net          int64               `json:"net"`
	First        int64               `json:"first,omitempty"` // number of the first use, from 1; 0 in older events
	Total        int64               `json:"total,omitempty"` // uses that the voucher has; 0 in older events
}

// VoucherUndone: a redemption was annulled in its window.
type VoucherUndone struct {
	RedemptionID market.RedemptionID `json:"redemption_id"`
	VoucherID    market.VoucherID    `json:"voucher_id"`
	OrderID      market.OrderID      `json:"order_id"`
	DealID       market.DealID       `json:"deal_id"`
	MerchantID   market.MerchantID   `json:"merchant_id"`
	AccountID    market.AccountID    `json:"account_id"`
	Units        int64               `json:"units"`
	Price        int64               `json:"price"`
	Net          int64               `json:"net"`
}

func (VoucherActivated) Kind() string { return "voucher.activated" }
func (VoucherRedeemed) Kind() string  { return "voucher.redeemed" }
func (VoucherUndone) Kind() string    { return "voucher.undone" }

func (e VoucherActivated) Aggregate() string { return string(e.VoucherID) }
func (e VoucherRedeemed) Aggregate() string  { return string(e.VoucherID) }
func (e VoucherUndone) Aggregate() string    { return string(e.VoucherID) }
