package event

import "github.com/dure-commerce/dure/internal/market"

// StatementIssued: a merchant's day is written down and open to objection.
type StatementIssued struct {
	StatementID market.StatementID `json:"statement_id"`
	MerchantID  market.MerchantID  `json:"merchant_id"`
	Day         string             `json:"day"`
	Lines       int64              `json:"lines"`
	Net         int64              `json:"net"`
}

// StatementConfirmed: the merchant, or silence, confirmed it.
type StatementConfirmed struct {
	StatementID market.StatementID `json:"statement_id"`
	MerchantID  market.MerchantID  `json:"merchant_id"`
	Silence     bool               `json:"silence"`
}

// PayoutMoved: a transfer to a merchant was sent, confirmed, returned or held.
type PayoutMoved struct {
	PayoutID   market.PayoutID   `json:"payout_id"`
	MerchantID market.MerchantID `json:"merchant_id"`
	To         string            `json:"to"`
	Amount     int64             `json:"amount"`
}

func (StatementIssued) Kind() string    { return "statement.issued" }
func (StatementConfirmed) Kind() string { return "statement.confirmed" }
func (PayoutMoved) Kind() string        { return "payout.moved" }

func (e StatementIssued) Aggregate() string    { return string(e.StatementID) }
func (e StatementConfirmed) Aggregate() string { return string(e.StatementID) }
func (e PayoutMoved) Aggregate() string        { return string(e.PayoutID) }
