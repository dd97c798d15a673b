package room

import (
	"time"

	"github.com/dure-commerce/dure/internal/market"
)

// State is where a room stands.
type State string

// The states.
const (
	Gathering State = "gathering" // people come before the start
	Drawing   State = "drawing"   // nobody comes while the places are drawn
	Open      State = "open"      // buyers are called place by place
	Closed    State = "closed"    // nobody needs to wait
)

// Hand is what the operator said: a room held open or shut by hand is not moved by measured arrivals.
type Hand string

// The hands.
const (
	ByItself Hand = ""
	HeldOpen Hand = "open"
	HeldShut Hand = "shut"
)

// Room is the room of one deal.
type Room struct {
	DealID     market.DealID
	State      State
	Hand       Hand
	Commitment string // hash of the seed, public from the first
	Seed       string // in hex, empty until the draw
	Digest     string // of the list of those present, empty until the draw
	Drawn      int64  // places that were drawn: 1 to Drawn
	Last       int64  // the highest place given
	Called     int64  // everybody up to this place has been called
	Pace       int64  // places called in an hour, smoothed over the last minute
	CalledAt   time.Time
	OpenedAt   time.Time
	ClosedAt   time.Time
	Version    int64
}

// Waiting is how many places have not been called.
func (r Room) Waiting() int64 { return r.Last - r.Called }

// Shuts reports a room that stands between buyers and the deal.
func (r Room) Shuts() bool { return r.State == Gathering || r.State == Drawing || r.State == Open }

// New reports a room that was never written.
func (r Room) New() bool { return r.State == "" }

// Gathers reports a room into which people come before the start.
func (r Room) Gathers() bool { return r.State == Gathering }

// Draws reports a room whose places are being drawn.
func (r Room) Draws() bool { return r.State == Drawing }

// Calls reports a room that calls buyers place by place.
func (r Room) Calls() bool { return r.State == Open }

// Arrival is somebody who wants to buy.
type Arrival struct {
	Actor    market.Actor
	DealID   market.DealID
	OptionID market.OptionID
	Key      string // the idempotency key of the purchase
	Ticket   string // as it was sent, "" for none
}

// Place is one account's place. Number is 0 before the draw.
type Place struct {
	DealID    market.DealID
	AccountID market.AccountID
	Mark      string // by which the account finds itself in the public list of the draw
	Number    int64
	JoinedAt  time.Time
	CalledAt  time.Time
	UsedAt    time.Time // an order was placed
	LeftAt    time.Time
}

// Key names an account's place.
func Key(deal market.DealID, account market.AccountID) string {
	return string(deal) + ":" + string(account)
}

// Standing is what a place means now.
type Standing string

// The standings.
const (
	Outside Standing = "outside" // no place, or one that was left
	Present Standing = "present" // takes part in the draw
	Queued  Standing = "queued"  // waits for the call
	Turn    Standing = "turn"    // may choose now
	Passed  Standing = "passed"  // was called and did not come in time
)

// Standing answers where the place stands at an instant.
func (p Place) Standing(now time.Time) Standing {
	switch {
	case p.AccountID == "" || !p.LeftAt.IsZero():
		return Outside
	case p.Number == 0:
		return Present
	case p.CalledAt.IsZero():
		return Queued
	case now.Before(p.TurnEnds()):
		return Turn
	}
	return Passed
}

// TurnEnds is when a called buyer's turn is over; zero before the call.
func (p Place) TurnEnds() time.Time {
	if p.CalledAt.IsZero() {
		return time.Time{}
	}
	return p.CalledAt.Add(TurnTime)
}

// MayJoin reports a standing that a new place at the end of the line follows.
func (s Standing) MayJoin() bool { return s == Outside || s == Passed }
