package event

import "github.com/dure-commerce/dure/internal/market"

// Jobs of settlement. app/jobs.go names the handler of each.
const (
	JobPayoutSend   = "payout.send"   // ask the bank for one payout
	JobTransferSend = "transfer.send" // ask the bank to move money between our own accounts
	JobTransferLook = "transfer.look" // look a transfer up that the bank's notice spoke of
	JobRefundGrant  = "refund.grant"  // an objection was granted: the buyer gets the use's price back
)

// PayoutJob is the payload of JobPayoutSend.
type PayoutJob struct {
	PayoutID market.PayoutID `json:"payout_id"`
}

// TransferJob is the payload of JobTransferSend.
type TransferJob struct {
	TransferID string `json:"transfer_id"`
}

// LookJob is the payload of JobTransferLook.
type LookJob struct {
	Reference string `json:"reference"` // ours, by which the bank knows the transfer
}

// GrantJob is the payload of JobRefundGrant.
type GrantJob struct {
	RedemptionID market.RedemptionID `json:"redemption_id"`
	Won          int64               `json:"won"` // 0 for all that is left
	Reason       string              `json:"reason"`
	By           market.AccountID    `json:"by"`
	Key          string              `json:"key"` // the same key gives back once
}

// JobInterestSend asks the bank for interest that a buyer is owed. app/jobs.go names its handler.
const JobInterestSend = "interest.send"

// InterestJob is the payload of JobInterestSend.
type InterestJob struct {
	InterestID string `json:"interest_id"`
}
