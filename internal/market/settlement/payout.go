package settlement

import (
	"strconv"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/bizday"
	"github.com/dure-commerce/dure/internal/market"
)

// Account is a bank account of somebody else.
type Account struct{ BankCode, Number, Holder string }

// Complete reports an account that money can be sent to.
func (a Account) Complete() bool { return a.BankCode != "" && a.Number != "" && a.Holder != "" }

// HoldCode says why a payout waits for somebody.
type HoldCode string

// The reasons to hold a payout.
const (
	HoldLimit    HoldCode = "limit"        // above what goes out by itself
	HoldBank     HoldCode = "bank_account" // there is none, or the bank sent money back
	HoldBooks    HoldCode = "books"        // our books do not agree: a person looks first
	HoldOperator HoldCode = "operator"
)

// Payout is one transfer of money to a merchant.
type Payout struct {
	ID          market.PayoutID
	MerchantID  market.MerchantID
	Day         string
	Amount      int64 // won
	State       PayoutState
	Bank        Account
	DueAt       time.Time
	Attempt     int64
	HoldCode    HoldCode
	HoldReason  string
	HeldBy      market.AccountID
	HeldFor     HoldCode // why it was held last, once it is let go
	TableEnded  bool
	SentAt      time.Time
	ConfirmedAt time.Time
	EndedAt     time.Time
	LastError   string
	Replaces    market.PayoutID
	Version     int64
}

// Reference is what the bank knows the payout by: it makes it happen at most once.
func (p Payout) Reference() string { return string(p.ID) + "-" + strconv.FormatInt(p.Attempt, 10) }

// PayoutOf gives the payout that a bank's reference names.
func PayoutOf(reference string) (market.PayoutID, bool) {
	id, _, ok := strings.Cut(reference, "-")
	return market.PayoutID(id), ok && strings.HasPrefix(id, market.PrefixPayout+"_")
}

// Waiting reports a payout that the bank was not asked for yet.
func (p Payout) Waiting() bool { return p.State == PayoutDue || p.State == PayoutHeld }

// Sendable reports a payout whose transfer is to be asked for, or asked for again.
func (p Payout) Sendable() bool { return p.State == PayoutDue || p.State == PayoutSent }

// Due reports a payout that the bank has never been asked for and that nothing holds.
func (p Payout) Due() bool { return p.State == PayoutDue }

// Sent reports a payout whose end the bank has not told.
func (p Payout) Sent() bool { return p.State == PayoutSent }

// Arrived reports a payout that the bank has carried out.
func (p Payout) Arrived() bool { return p.State == PayoutConfirmed }

// Late reports a payout that has been on its way for too long.
func (p Payout) Late(now time.Time, limit time.Duration) bool {
	return p.State == PayoutSent && now.Sub(p.SentAt) > limit
}

// NewBank reports a payout held for its bank account, whose merchant now has another, complete one.
func (p Payout) NewBank(now Account) bool {
	return p.State == PayoutHeld && p.HoldCode == HoldBank && now.Complete() && now != p.Bank
}

// Plan is what decides whether a new payout goes out by itself.
type Plan struct {
	MerchantID market.MerchantID
	Day        string
	Amount     int64
	Bank       Account
	Limit      int64 // won; above it a person decides
	Books      error // why our books do not agree, nil when they do
	TableEnded bool
	Now        time.Time
}

// Payout makes the payout of a plan: due, or held for the gravest reason.
func (p Plan) Payout(id market.PayoutID) Payout {
	out := Payout{ID: id, MerchantID: p.MerchantID, Day: p.Day, Amount: p.Amount, State: PayoutDue, Bank: p.Bank,
		DueAt: p.Now, Attempt: 1, TableEnded: p.TableEnded, Version: 1}
	switch {
	case p.Books != nil:
		out.State, out.HoldCode, out.HoldReason = PayoutHeld, HoldBooks, p.Books.Error()
	case !p.Bank.Complete():
		out.State, out.HoldCode = PayoutHeld, HoldBank
	case p.Amount > p.Limit:
		out.State, out.HoldCode = PayoutHeld, HoldLimit
	}
	return out
}

// Replacement is the payout that follows a returned one; it waits for a bank account, or for the operator.
func (p Payout) Replacement(id market.PayoutID, code string, now time.Time) Payout {
	return Payout{ID: id, MerchantID: p.MerchantID, Day: bizday.Day(now), Amount: p.Amount, State: PayoutHeld,
		Bank: p.Bank, DueAt: now, Attempt: 1, HoldCode: HoldBank, HoldReason: code, TableEnded: p.TableEnded,
		Replaces: p.ID, Version: 1}
}

// Explains tells that a line of custody's statement is this payout carried out.
func (p Payout) Explains(e Entry) bool { return e.Reference == p.Reference() && e.Amount == -p.Amount }

// Restores tells that a line of custody's statement is this payout sent back.
func (p Payout) Restores(e Entry) bool { return e.Reference == p.Reference() && e.Amount == p.Amount }

// Differs is the difference between a payout and the line that names it.
func (p Payout) Differs(e Entry) Difference {
	return Difference{Source: SourcePayout, Class: AmountDiffers, Day: e.Day, GatewayKey: e.ID, SubjectID: string(p.ID),
		Ours: p.Amount, Theirs: -e.Amount}
}

// Agree tells whether what a merchant's statements and payouts say is what stands booked as payable.
func Agree(id market.MerchantID, standing, booked int64) error {
	if standing == booked {
		return nil
	}
	return ErrBooks.With("Merchant", string(id), "Statements", standing, "Booked", booked)
}

// Masked is the account as screens and letters show it: only its end.
func (a Account) Masked() string {
	if len(a.Number) <= accountShown {
		return a.Number
	}
	return "···" + a.Number[len(a.Number)-accountShown:]
}

const accountShown = 4

// Grouped writes a number with a comma after each three digits, for letters, whose values are texts.
func Grouped(n int64) string {
	text := strconv.FormatInt(n, 10)
	first := 0
	if n < 0 {
		first = 1
	}
	for i := len(text) - 3; i > first; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
