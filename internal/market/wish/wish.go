package wish

import (
	"time"

	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
)

// Way is how the thing should come to its people.
type Way string

// The ways; a wish that names none takes any.
const (
	AnyWay   Way = ""
	AtBranch Way = "branch"   // used or collected in a shop
	ByParcel Way = "shipping" // sent to each member
)

// Wish is what people want to buy together.
type Wish struct {
	ID         market.WishID
	AuthorID   market.AccountID // who wrote it
	LeadID     market.AccountID // who speaks for it: the author, then the firm member who joined next; "" for nobody
	Name       string
	Details    string // what matters, "" for nothing
	Photo      string // a reference of the picture store, "" for none
	Link       string // where the thing was seen, "" for nowhere
	CategoryID market.CategoryID
	RegionID   market.RegionID // "" for anywhere
	Way        Way
	TopPrice   money.Won // that its people would pay for one, 0 for none named
	Threshold  int64     // firm members it needs, fixed when it was written
	PolicyID   string    // the figures it was written under
	State      State
	Round      int64     // from 1; another begins when the offers of one came to nothing
	PauseUntil time.Time // of a round that has just begun again: the point is not passed before; zero for no pause
	Firm       int64
	Watching   int64
	Until      time.Time // it gathers until then
	ReachedAt  time.Time // zero until enough were firm in this round
	EndedAt    time.Time
	Outcome    string // why it closed, a code
	MergedInto market.WishID
	Down       Down // by the operator; what it said is then withheld
	CreatedAt  time.Time
	Version    int64
}

// Reached reports a wish that had enough firm members in this round, whoever has left since.
func (w Wish) Reached() bool { return !w.ReachedAt.IsZero() }

// Missing is how many firm members are still needed.
func (w Wish) Missing() int64 {
	if w.Reached() {
		return 0
	}
	return max(0, w.Threshold-w.Firm)
}

// Kind is how somebody belongs to a wish.
type Kind string

// The kinds.
const (
	Watching Kind = "watching" // looks on, counts for nothing
	Firm     Kind = "firm"     // counts; no payment yet
	Away     Kind = "away"     // has left, or never came
)

// Member is one account's place in a wish.
type Member struct {
	WishID    market.WishID
	AccountID market.AccountID
	Kind      Kind
	FirmAt    time.Time // since when the place counts; zero while it does not
	At        time.Time // of the last change
}

// Counts reports a member whose place is firm.
func (m Member) Counts() bool { return m.Kind == Firm }

// MemberKey names one account in one wish.
type MemberKey struct {
	WishID    market.WishID
	AccountID market.AccountID
}

func (k MemberKey) text() string { return string(k.WishID) + ":" + string(k.AccountID) }
