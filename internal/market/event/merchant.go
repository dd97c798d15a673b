package event

import "github.com/dure-commerce/dure/internal/market"

// MerchantMoved: a shop's registration passed from one state to another.
type MerchantMoved struct {
	MerchantID market.MerchantID `json:"merchant_id"`
	From       string            `json:"from"`
	To         string            `json:"to"`
}

// MerchantFollowed: an account began or ceased to follow a shop.
type MerchantFollowed struct {
	MerchantID market.MerchantID `json:"merchant_id"`
	AccountID  market.AccountID  `json:"account_id"`
	Follows    bool              `json:"follows"`
}

func (MerchantMoved) Kind() string    { return "merchant.moved" }
func (MerchantFollowed) Kind() string { return "merchant.followed" }

func (e MerchantMoved) Aggregate() string    { return string(e.MerchantID) }
func (e MerchantFollowed) Aggregate() string { return string(e.MerchantID) }
