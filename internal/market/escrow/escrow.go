package escrow

import (
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
)

// Delivery is how members get what they paid for.
type Delivery string

// The kinds of delivery.
const (
	AtBranch Delivery = "branch"
	ByParcel Delivery = "shipping"
)

// Award is what is frozen when a bid wins: who serves the members, how, until when and at what price.
type Award struct {
	BidID        market.BidID
	MerchantID   market.MerchantID
	Delivery     Delivery
	BranchID     market.BranchID // of AtBranch
	UnitPrice    money.Won       // including delivery
	CommissionBP money.BasisPoints
	PolicyID     string
	// MadeToOrder goods cannot be withdrawn from once they are begun (전자상거래법 17조 2항); the bid has said so.
	MadeToOrder bool
	ShipBy      time.Time // the first instant that is too late to send, or to serve at the branch
}

// Escrow is the money of one wish.
type Escrow struct {
	WishID market.WishID
	Award
	Phase    Phase
	LapseAt  time.Time // what is still held then goes back
	Shares   int64     // that were ever paid
	Units    int64
	Paid     money.Won
	OpenedAt time.Time
	BegunAt  time.Time
	EndedAt  time.Time
	Version  int64
}

// Share is one paid member.
type Share struct {
	OrderID   market.OrderID
	WishID    market.WishID
	AccountID market.AccountID
	Quantity  int64
	Paid      money.Won
	Amount    money.Won // what it is worth now: the price may fall while members pay
	Released  money.Won
	Refunded  money.Won // of the amount, at its end; what fell is Paid − Amount
	State     State
	Outcome   Outcome   // how it ended
	DueAt     time.Time // when the clock acts on it, zero for held ones, which follow their escrow
	Waited    bool      // the member has asked for more time, once
	PaidAt    time.Time
	ShippedAt time.Time
	// DeliveredAt is when the evidence of delivery reached us, which is when the member can know it too.
	DeliveredAt  time.Time
	DisputedAt   time.Time
	EndedAt      time.Time
	AddressUntil time.Time // the seller may see the address until then; zero while the share lives
	Version      int64
}

// Outcome is how a share ended.
type Outcome string

// The outcomes.
const (
	OutConfirmed   Outcome = "confirmed"
	OutSilence     Outcome = "silence"
	OutUsed        Outcome = "used"
	OutWithdrawn   Outcome = "withdrawn"
	OutGivenBack   Outcome = "given_back" // by the seller
	OutOperator    Outcome = "operator"
	OutUnsent      Outcome = "unsent"
	OutUndelivered Outcome = "undelivered"
	OutVoid        Outcome = "void"
	OutPrice       Outcome = "price" // the next bid is above what was paid
	// Endings of disputes.
	OutRuled          Outcome = "ruled"
	OutOffer          Outcome = "offer"
	OutSellerGaveIn   Outcome = "seller_gave_in"
	OutBuyerGaveIn    Outcome = "buyer_gave_in"
	OutSellerSilent   Outcome = "seller_silent"
	OutBuyerSilent    Outcome = "buyer_silent"
	OutOperatorSilent Outcome = "operator_silent"
)

// NameKey is the catalogue key that tells how a share ended.
func (o Outcome) NameKey() string { return "escrow.outcome." + string(o) }

// Stand is where a member's won is: the four parts of what was paid (invariant 31).
type Stand struct{ Held, Frozen, Released, Refunded money.Won }

// Stands gives the parts of a share; together they are what was paid.
func (s Share) Stands() Stand {
	x := Stand{Released: s.Released, Refunded: s.Paid - s.Amount + s.Refunded}
	switch s.State {
	case Held, Shipped, Delivered:
		x.Held = s.Amount
	case Disputed:
		x.Frozen = s.Amount
	case Released, Refunded, Decided:
	}
	return x
}

// End is what the end of a share means in won. The flow posts it: out of what is held, or of what a dispute froze.
type End struct {
	Share
	BidID        market.BidID
	MerchantID   market.MerchantID
	CommissionBP money.BasisPoints
	PolicyID     string
}

// Frozen tells whether the won comes out of a dispute.
func (e End) Frozen() bool { return !e.DisputedAt.IsZero() }

// Releases tells whether the seller gets anything.
func (e End) Releases() bool { return e.Released > 0 }

// Refunds tells whether the member gets anything back.
func (e End) Refunds() bool { return e.Refunded > 0 }

func (e Escrow) ending(s Share) End {
	return End{Share: s, BidID: e.BidID, MerchantID: e.MerchantID, CommissionBP: e.CommissionBP, PolicyID: e.PolicyID}
}

// Fall is what goes back to a member because the price fell.
type Fall struct {
	Share
	MerchantID market.MerchantID
	PolicyID   string
	Difference money.Won // that goes back
}

// Refusals of escrows and shares.
var (
	ErrNotFound = fail.New(fail.NotFound, "escrow.not_found")
	// ErrExists is a wish whose escrow was opened before.
	ErrExists = fail.New(fail.Conflict, "escrow.exists")
	// ErrClosed is money that comes when members do not pay any more; it goes back.
	ErrClosed = fail.New(fail.Conflict, "escrow.closed")
	// ErrPaid is a share that was paid before.
	ErrPaid = fail.New(fail.Conflict, "escrow.paid")
	// ErrPrice is a payment that is not worth its units. Args: Amount, in won.
	ErrPrice = fail.New(fail.Conflict, "escrow.price")
	// ErrNotBegun is an act for which the seller must be at work.
	ErrNotBegun = fail.New(fail.Conflict, "escrow.not_begun")
	// ErrUnsettled is a start while members' shares are not at the price.
	ErrUnsettled = fail.New(fail.Conflict, "escrow.unsettled")
	// ErrDelivery is a parcel for members who come to the branch, or the other way round.
	ErrDelivery = fail.New(fail.Conflict, "escrow.delivery")
	// ErrMade is a withdrawal from goods that are made to order.
	ErrMade = fail.New(fail.Conflict, "escrow.made_to_order")
	// ErrWaited is a second request for more time.
	ErrWaited = fail.New(fail.Conflict, "escrow.waited")
	// ErrTwice is an order that stands in the same batch before.
	ErrTwice = fail.New(fail.Conflict, "escrow.twice")
	// ErrNumberUsed is a parcel that another member's share has.
	ErrNumberUsed = fail.New(fail.Conflict, "escrow.number_used")
	// ErrShipBy is an award whose time to send is over before it begins.
	ErrShipBy = fail.New(fail.Invalid, "escrow.ship_by")
	// ErrMoved is a share that somebody else moved meanwhile: the batch is decided anew.
	ErrMoved = fail.New(fail.Conflict, "escrow.moved")
)
