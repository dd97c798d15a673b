package payment

import (
	"strconv"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
)

// InterestState is where interest stands on its way to a buyer.
type InterestState string

// The states of interest.
const (
	InterestAsked InterestState = "asked" // the buyer has not named an account
	InterestDue   InterestState = "due"   // the bank is to be asked
	InterestSent  InterestState = "sent"  // the bank was asked
	InterestPaid  InterestState = "paid"  // the bank carried it out
)

// InterestPrefix begins the ids of interest.
const InterestPrefix = "itr"

// Payee is a bank account of a buyer.
type Payee struct{ BankCode, Number, Holder string }

// Interest is what a buyer is owed because a refund came late, beyond what a gateway can give back.
type Interest struct {
	ID         string
	RefundID   market.RefundID // of a part of a deposit, the deposit's id and the member's order
	Kind       string          // "" for interest, or KindDeposit
	OrderID    market.OrderID
	DealID     market.DealID
	MerchantID market.MerchantID
	AccountID  market.AccountID
	PolicyID   string
	Amount     int64 // won
	State      InterestState
	Payee      Payee
	Attempt    int64
	OwedAt     time.Time
	SentAt     time.Time
	PaidAt     time.Time
	LastError  string
	Version    int64
}

// ErrNoInterest is a wish for an account where no interest waits for one.
var ErrNoInterest = fail.New(fail.Conflict, "payment.no_interest")

// Reference is what the bank knows an attempt by: it makes the transfer happen at most once.
func (i Interest) Reference() string { return i.ID + "-" + strconv.FormatInt(i.Attempt, 10) }

// InterestOf gives the id of the interest that a bank's reference names.
func InterestOf(reference string) (id string, ok bool) {
	id, _, ok = strings.Cut(reference, "-")
	return id, ok && strings.HasPrefix(id, InterestPrefix+"_")
}

// Asked reports interest that waits for the buyer to name an account.
func (i Interest) Asked() bool { return i.State == InterestAsked }

// Due reports interest that the bank is to be asked for.
func (i Interest) Due() bool { return i.State == InterestDue }

// Sent reports interest whose end the bank has not told.
func (i Interest) Sent() bool { return i.State == InterestSent }

// Paid reports interest that the bank has carried out.
func (i Interest) Paid() bool { return i.State == InterestPaid }

// Named reports interest whose account is known.
func (i Interest) Named() bool { return i.Payee.Number != "" }

// Explains tells that a line of custody's statement is this interest carried out.
func (i Interest) Explains(reference string, won int64) bool {
	return i.Sent() && i.Reference() == reference && won == -i.Amount
}

// Restores tells that a line of custody's statement is this interest sent back.
func (i Interest) Restores(reference string, won int64) bool {
	return i.Paid() && i.Reference() == reference && won == i.Amount
}

// To is the interest with the account that the buyer was paid at before, if any.
func (i Interest) To(p Payee) Interest {
	if i.State, i.Payee = InterestAsked, p; i.Named() {
		i.State = InterestDue
	}
	return i
}
