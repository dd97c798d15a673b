package order

import (
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
)

// State is where an order stands.
type State string

// The states. A paid order whose every unit was given back is refunded.
const (
	Held      State = "held"
	Paid      State = "paid"
	Lapsed    State = "lapsed"
	Cancelled State = "cancelled"
	Refunded  State = "refunded"
)

// CountsAsLapse is 1 for a hold that ran out, 0 for one given up on purpose.
func (s State) CountsAsLapse() int64 {
	if s == Lapsed {
		return 1
	}
	return 0
}

// Order is one purchase of one option.
type Order struct {
	ID            market.OrderID
	DealID        market.DealID
	OptionID      market.OptionID
	MerchantID    market.MerchantID
	AccountID     market.AccountID
	Quantity      int64
	UnitPrice     int64 // won
	Amount        int64 // won
	State         State
	HoldUntil     time.Time
	PageOpened    bool
	PlaceKey      string
	PlaceHash     string
	RefundedUnits int64
	RefundedWon   int64
	TermsVersion  int64
	PolicyID      string
	CreatedAt     time.Time
	PaidAt        time.Time
	EndedAt       time.Time
	Version       int64
}

// Number is what people read out: the last eight characters of the id in two groups, "4KXQ-9M2P".
func (o Order) Number() string {
	id := string(o.ID)
	if len(id) < 8 {
		return id
	}
	tail := strings.ToUpper(id[len(id)-8:])
	return tail[:4] + "-" + tail[4:]
}

// LeftUnits is the number of units not given back.
func (o Order) LeftUnits() int64 { return o.Quantity - o.RefundedUnits }

// Holding reports units held for the order.
func (o Order) Holding() bool { return o.State == Held }

// MayRetake answers whether an order whose hold has ended may take its units again.
func (o Order) MayRetake() error {
	if o.State == Lapsed || o.State == Cancelled {
		return nil
	}
	return ErrEnded
}

// Refusals of orders.
var (
	ErrNotFound  = fail.New(fail.NotFound, "order.not_found")
	ErrQuantity  = fail.New(fail.Invalid, "order.quantity")
	ErrLimit     = fail.New(fail.Conflict, "order.limit")
	ErrPaused    = fail.New(fail.TooMany, "order.paused")
	ErrNotHeld   = fail.New(fail.Conflict, "order.not_held")
	ErrUnpaid    = fail.New(fail.Conflict, "order.unpaid")
	ErrConfirmed = fail.New(fail.Forbidden, "order.confirm_email_first")
	ErrEnded     = fail.New(fail.Conflict, "order.ended")
)

// QuantityMax is the most units of one order.
const QuantityMax = 100

// HoldTimes are how long units are kept for somebody who is paying, by the policies in force.
type HoldTimes struct {
	TTL       time.Duration
	Extra     time.Duration // added once when the payment page is open
	Closing   time.Duration // after the window's end, until which every hold has ended
	LapsesMax int64         // lapsed holds on a deal before the account pauses there
	Pause     time.Duration
}

// Limit is what one account has of one deal.
type Limit struct {
	DealID      market.DealID
	AccountID   market.AccountID
	PerPerson   int64
	HeldUnits   int64
	PaidUnits   int64
	Lapses      int64
	PausedUntil time.Time
}

// MayHold answers whether the account can hold n more units.
func (l Limit) MayHold(n int64, now time.Time) error {
	if now.Before(l.PausedUntil) {
		return ErrPaused.With("Until", l.PausedUntil)
	}
	if left := l.PerPerson - l.HeldUnits - l.PaidUnits; n > left {
		return ErrLimit.With("Max", l.PerPerson, "Left", max(0, left))
	}
	return nil
}

// NewPerson is 1 when the account's next paid unit makes it count as a person, else 0.
func (l Limit) NewPerson() int64 {
	if l.PaidUnits == 0 {
		return 1
	}
	return 0
}

// ValidQuantity refuses a quantity no order can have.
func ValidQuantity(n int64) error {
	if n < 1 || n > QuantityMax {
		return ErrQuantity.With("Max", int64(QuantityMax)).On("quantity")
	}
	return nil
}

// Amount is the price of n units in won.
func Amount(unitPrice, n int64) int64 { return unitPrice * n }

// HoldEnd is when a hold made now lapses: no later than the grace after the window's end.
func (h HoldTimes) HoldEnd(now, windowEnd time.Time) time.Time {
	end := now.Add(h.TTL)
	if limit := windowEnd.Add(h.Closing - h.Extra); end.After(limit) {
		return limit
	}
	return end
}

// GonePerson is −1 when giving n paid units back leaves the account without any, else 0.
func (l *Limit) GonePerson(n int64) int64 {
	if n > 0 && l.PaidUnits-n == 0 {
		return -1
	}
	return 0
}
