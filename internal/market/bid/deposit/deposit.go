package deposit

import (
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
)

// Cause is why a deposit went back, or was kept.
type Cause string

// The causes. The first five are kind: the deposit goes back.
const (
	CauseUnused    Cause = "unused"    // no bid was made with it
	CauseWithdrawn Cause = "withdrawn" // the bid was taken back before the close
	CauseLost      Cause = "lost"      // another bid won, or nobody did
	CauseNoFault   Cause = "no_fault"  // won and did not go through, for too few had paid, or the time was over
	CauseServed    Cause = "served"
	CauseUnfit     Cause = "unfit"      // won, and may not be paid
	CauseFake      Cause = "fake"       // taken out by the operator, or not what was sealed
	CauseNotServed Cause = "not_served" // most of what was paid was not sent, or never arrived
)

// NameKey is the catalogue key that tells why a deposit ended.
func (c Cause) NameKey() string { return "deposit.cause." + string(c) }

// Causes lists them.
func Causes() []Cause {
	return []Cause{CauseUnused, CauseWithdrawn, CauseLost, CauseNoFault, CauseServed, CauseUnfit, CauseFake,
		CauseNotServed}
}

// Deposit is one payment that a seller put down for one auction. Its id is the payment's order.
type Deposit struct {
	ID         market.OrderID
	WishID     market.WishID
	MerchantID market.MerchantID
	AccountID  market.AccountID // who paid it
	Amount     money.Won
	State      State
	Cause      Cause     // of one that has ended
	PolicyID   string    // under which it was asked for
	Shared     money.Won // of one that was kept: what members got of it
	CreatedAt  time.Time
	PaidAt     time.Time
	EndedAt    time.Time
	Version    int64
}

// Open reports a deposit that nobody has paid yet.
func (d Deposit) Open() bool { return d.State == Open }

// Paid reports a deposit that was paid, whatever came of it.
func (d Deposit) Paid() bool { return d.State == Held || d.State == Returned || d.State == Kept }

// Down reports a deposit that counts for its seller.
func (d Deposit) Down() bool { return d.State == Held }

// Sum is what is down of a list of deposits.
func Sum(list []Deposit) money.Won {
	var sum money.Won
	for _, d := range list {
		if d.Down() {
			sum += d.Amount
		}
	}
	return sum
}

// Errors of deposits.
var (
	ErrNotFound = fail.New(fail.NotFound, "deposit.not_found")
	// ErrDown is a deposit that is down already.
	ErrDown = fail.New(fail.Conflict, "deposit.down")
	// ErrTotal is a sum that no bid can ask for. Args: Max, in won.
	ErrTotal = fail.New(fail.Invalid, "deposit.total").On("total")
	// ErrNone tells that nothing is asked for now.
	ErrNone = fail.New(fail.Conflict, "deposit.none")
	// ErrMoved is a step beside another step: look again.
	ErrMoved = fail.New(fail.Conflict, "deposit.moved")
)

// For reports a deposit that is paid by an amount.
func (d Deposit) For(amount money.Won) bool { return d.Amount == amount }

// Same reports a deposit whose page serves for another wish of the same payer.
func (d Deposit) Same(wanted Deposit) bool {
	return d.Amount == wanted.Amount && d.AccountID == wanted.AccountID
}

// Unpaid finds the one that nobody has paid yet; false when there is none.
func Unpaid(list []Deposit) (Deposit, bool) {
	for _, d := range list {
		if d.Open() {
			return d, true
		}
	}
	return Deposit{}, false
}
