package waitlist

import (
	"errors"
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
)

// State is where an entry stands.
type State string

// The states.
const (
	Waiting State = "waiting"
	Offered State = "offered"
	Ended   State = "ended"
)

// Entry is one account's wish for one unit of an option.
type Entry struct {
	ID        string
	DealID    market.DealID
	OptionID  market.OptionID
	AccountID market.AccountID
	State     State
	OrderID   market.OrderID // the hold that was offered
	Outcome   string         // why it ended, a code
	At        time.Time
	OfferedAt time.Time
}

// Waits reports an entry that was neither offered anything nor ended.
func (e Entry) Waits() bool { return e.State == Waiting }

// OfferTime is how long an offered unit is held.
const OfferTime = 30 * time.Minute

// Refusals of the list.
var (
	ErrFree = fail.New(fail.Conflict, "waitlist.free") // there are units: nobody needs to wait
	// ErrFirst keeps a unit that came back for those who wait for it.
	ErrFirst = fail.New(fail.Conflict, "waitlist.first")
)

// Outcomes of entries that ended without an offer.
const (
	OutcomeLeft   = "left"
	OutcomeOver   = "over"
	OutcomeLapsed = "lapsed" // the hold was over before it could be told
)

// HoldKey is the idempotency key of an entry's hold: an offer made twice is made once.
func (e Entry) HoldKey() string { return "wait:" + e.ID }

// MayJoin answers whether somebody may wait for an option of a running sale: nothing of it is free, unless a waiting
// room stands in front of what is.
func MayJoin(free int64, room bool) error {
	if free > 0 && !room {
		return ErrFree
	}
	return nil
}

// Offers is how many of those who wait are offered a unit at once.
func Offers(free, waiting int64) int64 {
	const batchMax = 64
	return max(0, min(free, waiting, batchMax))
}

// Outcome is what a refused hold means for the entry: "" lets it wait on, as a refusal that passes does and those of
// stay; everything else ends it under the refusal's code.
func Outcome(err error, stay ...error) string {
	for _, one := range stay {
		if errors.Is(err, one) {
			return ""
		}
	}
	switch fail.KindOf(err) {
	case fail.Unavailable, fail.Internal, fail.TooMany:
		return ""
	}
	return fail.CodeOf(err)
}
