package bid

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
)

// Kind is how bids are made.
type Kind string

// The kinds.
const (
	InTheOpen Kind = "open"
	Sealed    Kind = "sealed"
)

// Auction is the auction of one wish.
type Auction struct {
	WishID      market.WishID
	Kind        Kind
	State       State
	Round       int64     // from 1; another begins when a void auction is opened again
	Quantity    int64     // units for which open bids are compared
	Ceiling     money.Won // the most a member would pay a unit, 0 for none
	Step        money.Won // the least by which an open bid undercuts the lowest
	OpensAt     time.Time
	ClosesAt    time.Time // the last instant at which a bid counts
	Extensions  int64
	Seq         int64        // of the newest bid
	Bids        int64        // standing
	Lowest      market.BidID // standing bid for Quantity, "" for none or while sealed; the winner once there is one
	LowestPrice money.Won    // a unit, 0 for none
	Digest      string       // of all commitments, in hex
	ClosedAt    time.Time
	AwardedAt   time.Time
	Firm        int64        // firm members at the award
	Winner      market.BidID // "" when nobody has won
	Reason      string       // why it is void
	CreatedAt   time.Time
	Version     int64
}

// Bounds of auctions and offers that are no policy.
const (
	priceMin       = 100
	priceMax       = 100_000_000
	quantityMax    = 1_000_000
	stepsMax       = 5
	noteMax        = 1000
	evidenceMax    = 8
	evidenceKeyMax = 400 // as long as the reference of a photo may be
	promiseDaysMax = 180
	triesMax       = 30 // bids of one seller in an auction
	bidsMax        = 2000
	windowMax      = 30 * 24 * time.Hour
)

// Check refuses an auction that cannot be planned: every fault at once, each beside its field.
func (a Auction) Check() error {
	var f faults
	f.add(a.Kind != InTheOpen && a.Kind != Sealed, ErrKind, "kind")
	f.add(a.Quantity < 1 || a.Quantity > quantityMax, ErrCrowd.With("Max", quantityMax), "quantity")
	f.add(a.Ceiling != 0 && (a.Ceiling < priceMin || a.Ceiling > priceMax),
		ErrTop.With("Min", priceMin, "Max", priceMax), "ceiling")
	f.add(a.Step < 1 || a.Step > priceMax, ErrStep.With("Max", priceMax), "step")
	return f.list.Err()
}

// Window is from when until when a round takes bids, and for how many units they are compared.
type Window struct {
	WishID   market.WishID
	OpensAt  time.Time
	ClosesAt time.Time
	Quantity int64
}

func (w Window) check() error {
	length := w.ClosesAt.Sub(w.OpensAt)
	if length < time.Minute || length > windowMax || w.Quantity < 1 || w.Quantity > quantityMax {
		return ErrWindow.On("closes_at")
	}
	return nil
}

// TakesBids answers whether a bid counts at an instant: before the crowd is complete, or until ClosesAt.
func (a Auction) TakesBids(now time.Time) error {
	if a.Runs() && !a.Over(now) {
		return nil
	}
	return ErrOver
}

// Runs reports an auction that has not been closed, whatever the time is.
func (a Auction) Runs() bool { return a.State == Planned || a.State == Open }

// Over reports an open auction whose last bid is in.
func (a Auction) Over(now time.Time) bool { return a.State == Open && now.After(a.ClosesAt) }

// DueAt is the first instant at which the auction may be closed; zero before it opens.
func (a Auction) DueAt() time.Time {
	if a.ClosesAt.IsZero() {
		return time.Time{}
	}
	return a.ClosesAt.Add(time.Microsecond)
}

// CloseKey names the close of a round, so that a close that moved gets a job of its own.
func (a Auction) CloseKey() string {
	return string(a.WishID) + ":" + strconv.FormatInt(a.ClosesAt.UnixMicro(), 36)
}

// Shown reports that all bids are for everybody to see.
func (a Auction) Shown() bool {
	return a.Kind == InTheOpen || a.State == Closed || a.State == Awarded || a.State == Done
}

// Compared is the quantity for which offers are compared: the announced one until the award, the crowd's own since.
func (a Auction) Compared() int64 {
	if a.Firm > 0 {
		return a.Firm
	}
	return a.Quantity
}

// SumAt is what the units that are compared cost together at a price.
func (a Auction) SumAt(price money.Won) money.Won { return price * a.Compared() }

// In reports whether the auction stands in a state.
func (a Auction) In(state State) bool { return a.State == state }

// MayJudge answers whether people may say something about the bids: their terms are shown.
func (a Auction) MayJudge() error {
	if !a.Shown() {
		return ErrHidden
	}
	return nil
}

// Next is the auction after an action.
func (a Auction) Next(action Action, by By) (Auction, error) {
	state, err := Next(a.State, action, by)
	a.State = state
	return a, err
}

// anew is the auction at the begin of its next round.
func (a Auction) anew() Auction {
	var never time.Time
	a.Round, a.Extensions, a.Firm, a.Reason = a.Round+1, 0, 0, ""
	a.OpensAt, a.ClosesAt, a.ClosedAt, a.AwardedAt = never, never, never, never
	return a
}

// Voided is the auction when nobody wins it, with the reason: one of the codes below, or public words.
func (a Auction) Voided(by By, reason string) (Auction, error) {
	a, err := a.Next(ActVoid, by)
	a.Winner, a.Reason = "", reason
	return a, err
}

// Reasons why nobody won an auction, beside what people write.
const (
	VoidNoBid   = "no_bid"   // nobody bid
	VoidNoneFit = "none_fit" // nobody could win
	VoidNoWish  = "no_wish"  // the wish ended before it reached its point
	VoidDown    = "down"     // the operator took the wish down
)

const (
	reasonMin = 5
	reasonMax = 500
)

// CheckReason asks for a public reason of readable length.
func CheckReason(reason string) error {
	if n := utf8.RuneCountInString(strings.TrimSpace(reason)); n < reasonMin || n > reasonMax {
		return ErrReason.With("Min", reasonMin, "Max", reasonMax).On("reason")
	}
	return nil
}
