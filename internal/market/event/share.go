package event

import "github.com/dure-commerce/dure/internal/market"

// SharePaid: a member of a wish has paid; the money waits.
type SharePaid struct {
	OrderID    market.OrderID    `json:"order_id"`
	WishID     market.WishID     `json:"wish_id"`
	BidID      market.BidID      `json:"bid_id"`
	MerchantID market.MerchantID `json:"merchant_id"`
	AccountID  market.AccountID  `json:"account_id"`
	Quantity   int64             `json:"quantity"`
	Amount     int64             `json:"amount"`
}

// ShareFell: the price fell after a member paid; Back goes back and Amount stays.
type ShareFell struct {
	OrderID   market.OrderID   `json:"order_id"`
	WishID    market.WishID    `json:"wish_id"`
	AccountID market.AccountID `json:"account_id"`
	Amount    int64            `json:"amount"`
	Back      int64            `json:"back"`
}

// ShareEnded: a member's share is with the seller, back with the member, or each has a part. Outcome says how.
type ShareEnded struct {
	OrderID    market.OrderID    `json:"order_id"`
	WishID     market.WishID     `json:"wish_id"`
	BidID      market.BidID      `json:"bid_id"`
	MerchantID market.MerchantID `json:"merchant_id"`
	AccountID  market.AccountID  `json:"account_id"`
	Outcome    string            `json:"outcome"`
	Quantity   int64             `json:"quantity"`
	Released   int64             `json:"released"`
	Refunded   int64             `json:"refunded"`
}

func (SharePaid) Kind() string  { return "share.paid" }
func (ShareFell) Kind() string  { return "share.fell" }
func (ShareEnded) Kind() string { return "share.ended" }

func (e SharePaid) Aggregate() string  { return string(e.OrderID) }
func (e ShareFell) Aggregate() string  { return string(e.OrderID) }
func (e ShareEnded) Aggregate() string { return string(e.OrderID) }
