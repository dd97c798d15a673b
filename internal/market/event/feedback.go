package event

import "github.com/dure-commerce/dure/internal/market"

// FeedbackGiven: a guest answered about one verified use. Yes-or-no answers are "yes", "no" or "" when left open.
type FeedbackGiven struct {
	AskID         string              `json:"ask_id"`
	RedemptionID  market.RedemptionID `json:"redemption_id"`
	DealID        market.DealID       `json:"deal_id"`
	MerchantID    market.MerchantID   `json:"merchant_id"`
	Satisfaction  int64               `json:"satisfaction"`
	WouldReturn   string              `json:"would_return"`
	SameTreatment string              `json:"same_treatment"`
}

// ShopFeedbackGiven: a merchant answered about a campaign ("deal:…") or a month ("month:2026-03").
type ShopFeedbackGiven struct {
	MerchantID   market.MerchantID `json:"merchant_id"`
	Subject      string            `json:"subject"`
	Satisfaction int64             `json:"satisfaction"`
	WouldRepeat  string            `json:"would_repeat"`
}

func (FeedbackGiven) Kind() string     { return "feedback.given" }
func (ShopFeedbackGiven) Kind() string { return "feedback.shop_given" }

func (e FeedbackGiven) Aggregate() string     { return e.AskID }
func (e ShopFeedbackGiven) Aggregate() string { return string(e.MerchantID) + ":" + e.Subject }
