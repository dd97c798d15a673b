package event

import "github.com/dure-commerce/dure/internal/market"

// Jobs of the time in which a crowd pays. app/wishes.go names the handler of each.
const (
	JobFundOpen    = "fund.open"    // an offer has won: members may pay
	JobFundClose   = "fund.close"   // the time to pay is over
	JobFundAnswer  = "fund.answer"  // the seller's time to answer is over
	JobFundConsent = "fund.consent" // the time is over in which members may agree to a price that rose
	JobFundEmpty   = "fund.empty"   // nobody serves the wish: every share goes back, in chunks
	JobFundTell    = "fund.tell"    // members and the seller are told of a step
)

// FundJob is the payload of the jobs about one round of paying.
type FundJob struct {
	WishID market.WishID `json:"wish_id"`
	Round  int64         `json:"round"`
	Step   string        `json:"step,omitempty"` // of JobFundTell
}

// FundOpened: the firm members of a wish may pay for an offer until a time.
type FundOpened struct {
	WishID     market.WishID     `json:"wish_id"`
	BidID      market.BidID      `json:"bid_id"`
	MerchantID market.MerchantID `json:"merchant_id"`
	Round      int64             `json:"round"`
	UnitPrice  int64             `json:"unit_price"`
	Until      int64             `json:"until"` // microseconds
}

// FundAsked: too few have paid; the seller says by a time whether fewer will do.
type FundAsked struct {
	WishID     market.WishID     `json:"wish_id"`
	BidID      market.BidID      `json:"bid_id"`
	MerchantID market.MerchantID `json:"merchant_id"`
	Units      int64             `json:"units"`
	Needs      int64             `json:"needs"`
	AnswerBy   int64             `json:"answer_by"` // microseconds
}

// FundEnded: members do not pay any more. Outcome is a code of market/collect.
type FundEnded struct {
	WishID     market.WishID     `json:"wish_id"`
	BidID      market.BidID      `json:"bid_id"`
	MerchantID market.MerchantID `json:"merchant_id"`
	Outcome    string            `json:"outcome"`
	Units      int64             `json:"units"`
}

func (FundOpened) Kind() string { return "fund.opened" }
func (FundAsked) Kind() string  { return "fund.asked" }
func (FundEnded) Kind() string  { return "fund.ended" }

func (e FundOpened) Aggregate() string { return string(e.WishID) }
func (e FundAsked) Aggregate() string  { return string(e.WishID) }
func (e FundEnded) Aggregate() string  { return string(e.WishID) }
