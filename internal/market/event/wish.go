package event

import "github.com/dure-commerce/dure/internal/market"

// Jobs of wishes.
const (
	JobWishExpire   = "wish.expire"   // its time to gather is over
	JobWishGoOn     = "wish.go_on"    // the pause of a round that began again is over
	JobAuctionClose = "auction.close" // the last bid is in
	JobAuctionAward = "auction.award" // members have looked, asked and voted
	JobWishTell     = "wish.tell"     // members and shops are told of a step
	JobWishBring    = "wish.bring"    // the people of a merged wish look on at the other
	JobMergerLapse  = "merger.lapse"  // nobody answered a proposal to merge
)

// WishJob is the payload of a wish's jobs.
type WishJob struct {
	WishID market.WishID `json:"wish_id"`
}

// WishTellJob is the payload of JobWishTell. Step is one of flow/announce.
type WishTellJob struct {
	WishID market.WishID `json:"wish_id"`
	Step   string        `json:"step"`
	Round  int64         `json:"round,omitempty"` // of the wish; 0 is the first
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

// WishReached: enough members are firm, once a round and for good in it; sellers bid until BidsUntil.
type WishReached struct {
	WishID     market.WishID     `json:"wish_id"`
	CategoryID market.CategoryID `json:"category_id"`
	RegionID   market.RegionID   `json:"region_id"`
	Threshold  int64             `json:"threshold"`
	BidsUntil  int64             `json:"bids_until"` // microseconds
	Round      int64             `json:"round"`
}

// WishAgain: the offers of a wish came to nothing, and it gathers on; sellers are not asked before PauseUntil.
type WishAgain struct {
	WishID     market.WishID `json:"wish_id"`
	Round      int64         `json:"round"` // that begins
	Outcome    string        `json:"outcome"`
	PauseUntil int64         `json:"pause_until"` // microseconds
}

// WishFewer: a wish that gathers on needs fewer people.
type WishFewer struct {
	WishID    market.WishID `json:"wish_id"`
	Threshold int64         `json:"threshold"`
}

// WishLed: somebody else speaks for a wish; "" is nobody.
type WishLed struct {
	WishID market.WishID    `json:"wish_id"`
	LeadID market.AccountID `json:"lead_id"`
}

// WishMerged: a wish has ended in favour of a like one, where its people look on until they say more.
type WishMerged struct {
	WishID market.WishID `json:"wish_id"`
	IntoID market.WishID `json:"into_id"`
}

// WishMoved: a wish passed from one stage to the next.
type WishMoved struct {
	WishID market.WishID `json:"wish_id"`
	State  string        `json:"state"`
	Round  int64         `json:"round,omitempty"`
}

// BidPlaced: a seller bids. Of a sealed bid neither the seller nor the price is told.
type BidPlaced struct {
	WishID     market.WishID     `json:"wish_id"`
	BidID      market.BidID      `json:"bid_id"`
	MerchantID market.MerchantID `json:"merchant_id,omitempty"`
	UnitPrice  int64             `json:"unit_price,omitempty"`
	Outbid     market.BidID      `json:"outbid,omitempty"`
	Round      int64             `json:"round,omitempty"`
	ClosesAt   int64             `json:"closes_at,omitempty"` // microseconds, when the bid moved the close
}

// BidEnded: a bid was withdrawn or disqualified.
type BidEnded struct {
	WishID market.WishID `json:"wish_id"`
	BidID  market.BidID  `json:"bid_id"`
	State  string        `json:"state"`
}

// AuctionAwarded: the lowest bid that nothing speaks against has won.
type AuctionAwarded struct {
	WishID     market.WishID     `json:"wish_id"`
	BidID      market.BidID      `json:"bid_id"`
	MerchantID market.MerchantID `json:"merchant_id"`
	UnitPrice  int64             `json:"unit_price"` // at the number of firm members
	Firm       int64             `json:"firm"`
	Round      int64             `json:"round,omitempty"` // of the wish
}

// WishEnded: a wish is over.
type WishEnded struct {
	WishID  market.WishID `json:"wish_id"`
	Round   int64         `json:"round,omitempty"`
	State   string        `json:"state"`
	Outcome string        `json:"outcome"`
}

// WishDown: the operator took a wish down; nobody reads it any more.
type WishDown struct {
	WishID market.WishID `json:"wish_id"`
	Ground string        `json:"ground"`
}

func (WishPosted) Kind() string  { return "wish.posted" }
func (WishMember) Kind() string  { return "wish.member" }
func (WishReached) Kind() string { return "wish.reached" }
func (WishDown) Kind() string    { return "wish.down" }
func (WishAgain) Kind() string   { return "wish.again" }
func (WishFewer) Kind() string   { return "wish.fewer" }
func (WishLed) Kind() string     { return "wish.led" }
func (WishMoved) Kind() string   { return "wish.moved" }
func (WishEnded) Kind() string   { return "wish.ended" }
func (WishMerged) Kind() string  { return "wish.merged" }
func (BidPlaced) Kind() string   { return "bid.placed" }
func (BidEnded) Kind() string    { return "bid.ended" }

func (AuctionAwarded) Kind() string { return "auction.awarded" }

func (e WishPosted) Aggregate() string  { return string(e.WishID) }
func (e WishMember) Aggregate() string  { return string(e.WishID) }
func (e WishReached) Aggregate() string { return string(e.WishID) }
func (e WishDown) Aggregate() string    { return string(e.WishID) }
func (e WishAgain) Aggregate() string   { return string(e.WishID) }
func (e WishFewer) Aggregate() string   { return string(e.WishID) }
func (e WishLed) Aggregate() string     { return string(e.WishID) }
func (e WishMoved) Aggregate() string   { return string(e.WishID) }
func (e WishEnded) Aggregate() string   { return string(e.WishID) }
func (e WishMerged) Aggregate() string  { return string(e.WishID) }
func (e BidPlaced) Aggregate() string   { return string(e.WishID) }
func (e BidEnded) Aggregate() string    { return string(e.WishID) }

func (e AuctionAwarded) Aggregate() string { return string(e.WishID) }
