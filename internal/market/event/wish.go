package event

import "github.com/dure-commerce/dure/internal/market"

// Jobs of wishes.
const (
	JobWishExpire   = "wish.expire"   // its time to gather is over
	JobAuctionClose = "auction.close" // the last bid is in
)

// WishJob is the payload of a wish's jobs.
type WishJob struct {
	WishID market.WishID `json:"wish_id"`
}

// WishPosted: somebody wants something; others may join.
type WishPosted struct {
	WishID     market.WishID     `json:"wish_id"`
	AccountID  market.AccountID  `json:"account_id"`
	CategoryID market.CategoryID `json:"category_id"`
	RegionID   market.RegionID   `json:"region_id"`
	Threshold  int64             `json:"threshold"`
}

// WishMember: somebody looks on, counts or has left. Firm and Watching are what the step changed of the wish's numbers.
type WishMember struct {
	WishID    market.WishID    `json:"wish_id"`
	AccountID market.AccountID `json:"account_id"`
	Member    string           `json:"member"` // the kind of place from now on: watching, firm or away
	Firm      int64            `json:"firm"`
	Watching  int64            `json:"watching"`
}

// WishReached: enough members are firm, once and for good; sellers bid until BidsUntil.
type WishReached struct {
	WishID     market.WishID     `json:"wish_id"`
	CategoryID market.CategoryID `json:"category_id"`
	RegionID   market.RegionID   `json:"region_id"`
	Threshold  int64             `json:"threshold"`
	BidsUntil  int64             `json:"bids_until"` // microseconds
}

// WishLed: somebody else speaks for a wish; "" is nobody.
type WishLed struct {
	WishID market.WishID    `json:"wish_id"`
	LeadID market.AccountID `json:"lead_id"`
}

// WishEnded: a wish is over.
type WishEnded struct {
	WishID  market.WishID `json:"wish_id"`
	State   string        `json:"state"`
	Outcome string        `json:"outcome"`
}

func (WishPosted) Kind() string  { return "wish.posted" }
func (WishMember) Kind() string  { return "wish.member" }
func (WishReached) Kind() string { return "wish.reached" }
func (WishLed) Kind() string     { return "wish.led" }
func (WishEnded) Kind() string   { return "wish.ended" }

func (e WishPosted) Aggregate() string  { return string(e.WishID) }
func (e WishMember) Aggregate() string  { return string(e.WishID) }
func (e WishReached) Aggregate() string { return string(e.WishID) }
func (e WishLed) Aggregate() string     { return string(e.WishID) }
func (e WishEnded) Aggregate() string   { return string(e.WishID) }
