package event

import "github.com/dure-commerce/dure/internal/market"

// DealMoved: a deal passed from one state to another.
type DealMoved struct {
	DealID     market.DealID     `json:"deal_id"`
	MerchantID market.MerchantID `json:"merchant_id"`
	From       string            `json:"from"`
	To         string            `json:"to"`
}

// DealTipped: enough people paid; every buyer holds a voucher from now on.
type DealTipped struct {
	DealID     market.DealID     `json:"deal_id"`
	MerchantID market.MerchantID `json:"merchant_id"`
	Progress   int64             `json:"progress"`
	Threshold  int64             `json:"threshold"`
}

// DealFailed: the sale ended below the point; everybody is refunded.
type DealFailed struct {
	DealID     market.DealID     `json:"deal_id"`
	MerchantID market.MerchantID `json:"merchant_id"`
	Cause      string            `json:"cause"`
}

func (DealMoved) Kind() string  { return "deal.moved" }
func (DealTipped) Kind() string { return "deal.tipped" }
func (DealFailed) Kind() string { return "deal.failed" }

func (e DealMoved) Aggregate() string  { return string(e.DealID) }
func (e DealTipped) Aggregate() string { return string(e.DealID) }
func (e DealFailed) Aggregate() string { return string(e.DealID) }
