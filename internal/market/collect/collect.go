package collect

import (
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
)

// Collect is the time in which the members of one wish pay.
type Collect struct {
	WishID       market.WishID
	BidID        market.BidID
	MerchantID   market.MerchantID
	Round        int64
	State        State
	Needs        int64 // units without which the seller is asked
	Most         int64 // units that one member may take
	Room         int64 // units that all together may take, 0 for as many as come
	OpenedAt     time.Time
	Until        time.Time // the first instant at which nobody begins to pay any more
	ConsentUntil time.Time // until when members whose price rose may agree; zero when it rose for nobody
	AnswerBy     time.Time // of a seller who is asked
	EndedAt      time.Time
	Outcome      string // how it ended, a code
	Version      int64
}

// Outcomes of paying.
const (
	OutcomeEnough   = "enough"    // enough have paid
	OutcomeShort    = "short"     // the seller took fewer
	OutcomeNobody   = "nobody"    // not one member has paid
	OutcomeNoSeller = "no_seller" // no offer was left
	OutcomeStopped  = "stopped"   // the wish was taken down
)

// Order is what one member has agreed to.
type Order struct {
	ID        market.OrderID
	WishID    market.WishID
	AccountID market.AccountID
	BidID     market.BidID // whose offer it was
	Quantity  int64
	UnitPrice money.Won
	State     OrderState
	To        Address // only while the order is open
	CreatedAt time.Time
	PaidAt    time.Time
	Version   int64
}

// Amount is what the order comes to.
func (o Order) Amount() money.Won { return o.UnitPrice * o.Quantity }

// Open reports an order that nobody has paid yet.
func (o Order) Open() bool { return o.State == OrderOpen }

// Paid reports an order that has become a share.
func (o Order) Paid() bool { return o.State == OrderPaid }

// Address is where a member's parcel is to go; all of it is empty where members come to a branch.
type Address struct{ Name, Phone, Postcode, Line, Detail, Note string }

// Named reports an address with anything in it.
func (a Address) Named() bool { return a != Address{} }

// Refusals of paying. Those of fields name them.
var (
	ErrNotFound = fail.New(fail.NotFound, "fund.not_found")
	// ErrFirm lets only members whose place is firm pay.
	ErrFirm = fail.New(fail.Forbidden, "fund.firm")
	// ErrOver is a wish for which nobody pays now.
	ErrOver = fail.New(fail.Gone, "fund.over")
	// ErrPaid is a second payment of one member; one person has one share.
	ErrPaid = fail.New(fail.Conflict, "fund.paid")
	// ErrQuantity wants a number of units from 1 to Max.
	ErrQuantity = fail.New(fail.Invalid, "fund.quantity").On("quantity")
	// ErrFull wants no more units than are left. Args: Left.
	ErrFull = fail.New(fail.Conflict, "fund.full").On("quantity")
	// ErrPrice is an agreement to another price than the one there is now. Args: Price, in won.
	ErrPrice = fail.New(fail.Conflict, "fund.price")
	// ErrAgree is a payment without a yes to the terms.
	ErrAgree = fail.New(fail.Invalid, "fund.agree").On("agree")
	// ErrAbove wants a yes of its own to a price above what the wish's people had named. Args: Top, in won.
	ErrAbove = fail.New(fail.Invalid, "fund.above").On("above")
	// ErrMoved is a step beside another step: look again.
	ErrMoved = fail.New(fail.Conflict, "fund.moved")
)
