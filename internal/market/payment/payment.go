package payment

import (
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
)

// State is where an attempt to pay stands.
type State string

// The states: intent before the payer decided, confirming while the gateway is asked, then an end.
const (
	Intent     State = "intent"
	Confirming State = "confirming"
	Captured   State = "captured"
	Declined   State = "declined"
	Expired    State = "expired"
)

// Purpose tells payments of one kind of thing apart.
type Purpose string

// ForDeposit is what a seller puts down for its bid on a wish; every other payment is an order's or a share's.
const ForDeposit Purpose = "deposit"

// Payment is one attempt; its id is the order id the gateway sees.
type Payment struct {
	ID          market.PaymentID
	OrderID     market.OrderID
	DealID      market.DealID // "" for a share of a wish
	WishID      market.WishID // "" for an order of a deal
	Purpose     Purpose
	AccountID   market.AccountID
	Gateway     string
	CheckoutKey string
	CheckoutURL string
	PaymentKey  string
	Amount      int64 // won
	State       State
	Refundable  int64 // won that can still go back
	OutcomeCode string
	CreatedAt   time.Time
	CapturedAt  time.Time
	Version     int64
}

// Ended reports an attempt that nothing changes any more.
func (p Payment) Ended() bool {
	return p.State == Captured || p.State == Declined || p.State == Expired
}

// BeingCaptured reports an attempt that the gateway was asked about and whose outcome is not written yet.
func (p Payment) BeingCaptured() bool { return p.State == Confirming }

// Outcome is nil for a captured attempt and the refusal otherwise.
func (p Payment) Outcome() error {
	switch p.State {
	case Captured:
		return nil
	case Declined:
		return ErrDeclined.With("Code", p.OutcomeCode)
	case Expired:
		return ErrLate
	case Intent, Confirming:
	}
	return ErrPending
}

// Errors of payments.
var (
	ErrNotFound = fail.New(fail.NotFound, "payment.not_found")
	ErrDeclined = fail.New(fail.Conflict, "payment.declined")
	ErrPending  = fail.New(fail.Conflict, "payment.pending")
	ErrAmount   = fail.New(fail.Conflict, "payment.amount_differs")
	ErrOver     = fail.New(fail.Conflict, "payment.over")
	ErrLate     = fail.New(fail.Conflict, "payment.late")
	// ErrUnreachable is a gateway that cannot be asked now; nothing was charged.
	ErrUnreachable = fail.New(fail.Unavailable, "payment.unreachable")
)

// Open finds the attempt that can still be paid. A captured one refuses a second payment, one being captured a
// parallel one.
func Open(attempts []Payment) (Payment, bool, error) {
	for _, p := range attempts {
		switch p.State {
		case Captured:
			return p, false, ErrOver
		case Confirming:
			return p, false, ErrPending
		case Intent:
			return p, true, nil
		case Declined, Expired: // the next attempt is a new one
		}
	}
	return Payment{}, false, nil
}

// RefundState is where a return of money stands.
type RefundState string

// The states of a refund.
const (
	RefundDecided  RefundState = "decided"
	RefundSent     RefundState = "sent"
	RefundAccepted RefundState = "accepted"
	RefundSettled  RefundState = "settled"
	RefundStuck    RefundState = "stuck"
)

// Cause is why money goes back.
type Cause string

// The causes.
const (
	CauseBuyer       Cause = "buyer"
	CauseFailedToTip Cause = "failed_to_tip"
	CauseDealEnded   Cause = "deal_cancelled"
	CauseLateMoney   Cause = "late_money"
	CauseExpiry      Cause = "expiry"
	CauseShop        Cause = "shop"
	CausePriceFell   Cause = "price_fell" // of a wish: more came together, or the next bid asks less
	CauseNotServed   Cause = "not_served" // of a wish: not sent, or never proven to arrive
	CauseDispute     Cause = "dispute"    // of a wish: decided in a dispute
	CauseWishEnded   Cause = "wish_ended" // of a wish: nobody serves it any more
	CauseDeposit     Cause = "deposit"    // of a bid: its seller is free
	CausePriceRose   Cause = "price_rose" // of a wish: the next bid asks more than was paid
)

// Refund is one return of money to one payment. Subject makes it unique within its order: a voucher id or "order", of a
// wish's share "share" or "price/" with a number.
type Refund struct {
	ID             market.RefundID
	OrderID        market.OrderID
	PaymentID      market.PaymentID
	DealID         market.DealID // "" for a share of a wish
	WishID         market.WishID // "" for an order of a deal
	Purpose        Purpose       // of its payment
	AccountID      market.AccountID
	Subject        string
	Units          int64
	Amount         int64 // won, without interest
	Interest       int64 // won
	Cause          Cause
	State          RefundState
	RequestedAt    time.Time
	DueAt          time.Time // end of the legal time
	AcceptedAt     time.Time
	SettledAt      time.Time
	TransactionKey string
	Attempts       int64
	LastError      string
	Version        int64
}

// SentBefore reports a refund that the gateway was asked for at least once, with an outcome that was never written.
func (f Refund) SentBefore() bool { return f.Attempts > 0 }

// OfWish reports an attempt to pay a share of a wish.
func (p Payment) OfWish() bool { return p.WishID != "" && !p.OfDeposit() }

// OfDeposit reports an attempt to put a bid's deposit down.
func (p Payment) OfDeposit() bool { return p.Purpose == ForDeposit }

// OfWish reports a refund of a wish's share.
func (f Refund) OfWish() bool { return f.WishID != "" && !f.OfDeposit() }

// OfDeposit reports a refund of a bid's deposit.
func (f Refund) OfDeposit() bool { return f.Purpose == ForDeposit }

// Done reports a refund that the gateway has taken.
func (f Refund) Done() bool { return f.State == RefundAccepted || f.State == RefundSettled }
