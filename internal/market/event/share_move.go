package event

import "github.com/dure-commerce/dure/internal/market"

// ShareMoved: a member's share passed to a state that is no end: shipped, delivered, disputed. Its end is ShareEnded.
type ShareMoved struct {
	OrderID    market.OrderID    `json:"order_id"`
	WishID     market.WishID     `json:"wish_id"`
	MerchantID market.MerchantID `json:"merchant_id"`
	AccountID  market.AccountID  `json:"account_id"`
	State      string            `json:"state"`
}

// DisputeMoved: a dispute about a share was opened, passed to another turn, or ended.
type DisputeMoved struct {
	OrderID    market.OrderID    `json:"order_id"`
	WishID     market.WishID     `json:"wish_id"`
	MerchantID market.MerchantID `json:"merchant_id"`
	AccountID  market.AccountID  `json:"account_id"`
	Turn       string            `json:"turn"`
	Outcome    string            `json:"outcome,omitempty"`
}

// EscrowDone: every share of a wish that was served has ended.
type EscrowDone struct {
	WishID     market.WishID     `json:"wish_id"`
	MerchantID market.MerchantID `json:"merchant_id"`
}

func (ShareMoved) Kind() string   { return "share.moved" }
func (DisputeMoved) Kind() string { return "dispute.moved" }
func (EscrowDone) Kind() string   { return "escrow.done" }

func (e ShareMoved) Aggregate() string   { return string(e.OrderID) }
func (e DisputeMoved) Aggregate() string { return string(e.OrderID) }
func (e EscrowDone) Aggregate() string   { return string(e.WishID) }

// Jobs of shares. app/wishes.go names the handler of each.
const (
	JobShareRemind   = "share.remind"   // soon silence releases
	JobDisputeRemind = "dispute.remind" // soon a side's time to speak is over
)

// ShareJob is the payload of jobs about one share: Due is the instant that was meant, in microseconds.
type ShareJob struct {
	OrderID market.OrderID `json:"order_id"`
	Due     int64          `json:"due"`
}
