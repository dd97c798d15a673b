package deal

import (
	"time"

	"github.com/dure-commerce/dure/internal/kit/hours"
	"github.com/dure-commerce/dure/internal/market"
)

// ThresholdKind is what the tipping point counts.
type ThresholdKind string

// The kinds: distinct accounts with a paid, unrefunded unit; paid, unrefunded units; their price in won.
const (
	ThresholdPeople ThresholdKind = "people"
	ThresholdUnits  ThresholdKind = "units"
	ThresholdWon    ThresholdKind = "won"
)

// Deal is the narrow, hot part: state, window, point and counters.
type Deal struct {
	ID            market.DealID
	MerchantID    market.MerchantID
	State         State
	TermsVersion  int64
	ThresholdKind ThresholdKind
	Threshold     int64 // people, units or won, by kind
	Capacity      int64 // units
	PerPerson     int64 // units
	StartsAt      time.Time
	EndsAt        time.Time // the first instant no longer in the window
	PublicFrom    time.Time
	PublicUntil   time.Time
	AskWhenShort  bool
	AskUntil      time.Time
	Extended      bool
	HeldUnits     int64
	PaidUnits     int64
	People        int64
	PaidWon       int64
	TippedAt      time.Time
	DecidedAt     time.Time
	SubmittedAt   time.Time
	Score         int64 // 0–100
	ScoreParts    string
	ReturnReason  string
	CreatedAt     time.Time
	Version       int64
}

// Option is one thing to buy within a deal.
type Option struct {
	ID        market.OptionID
	DealID    market.DealID
	Position  int64
	Name      string
	ListPrice int64 // won a unit, before the deal
	Price     int64 // won a unit
	Quantity  int64 // units
	Uses      int64 // uses of one voucher
	HeldUnits int64
	PaidUnits int64
}

// TermsState is where a version of the terms stands.
type TermsState string

// States of terms.
const (
	TermsDraft    TermsState = "draft"
	TermsProposed TermsState = "proposed"
	TermsInForce  TermsState = "in_force"
	TermsRefused  TermsState = "refused"
	TermsReplaced TermsState = "replaced"
)

// Terms is one version of what the deal promises; orders keep the version they were made under.
type Terms struct {
	DealID          market.DealID
	Version         int64
	State           TermsState
	Title           string
	Summary         string
	Story           string
	CategoryID      market.CategoryID
	PriceBasis      string      // what the list price is based on
	ValidDays       int64       // days a voucher is valid from its activation
	Rules           hours.Rules // when a voucher can be used
	Branches        []market.BranchID
	RefundProfile   string
	MerchantShareBP int64 // part of the discount that the merchant carries
	CommissionBP    int64
	StatedCost      int64  // won a unit, told by the merchant, 0 when not told
	WonTable        string // the table of A2 as it was frozen
	PolicyID        string
	Pictures        []string // keys of pictures
	Reason          string
	CreatedBy       market.AccountID
	CreatedAt       time.Time
}

// Progress is the count in the threshold's own kind.
func (d Deal) Progress() int64 {
	switch d.ThresholdKind {
	case ThresholdPeople:
		return d.People
	case ThresholdUnits:
		return d.PaidUnits
	case ThresholdWon:
	}
	return d.PaidWon
}

// Missing is what is still needed to tip, 0 once reached.
func (d Deal) Missing() int64 { return max(0, d.Threshold-d.Progress()) }

// Tipped reports the decision; it is never reversed.
func (d Deal) Tipped() bool { return !d.TippedAt.IsZero() }

// Free is the number of units neither held nor paid.
func (d Deal) Free() int64 { return d.Capacity - d.HeldUnits - d.PaidUnits }

// Free is the option's number of units neither held nor paid.
func (o Option) Free() int64 { return o.Quantity - o.HeldUnits - o.PaidUnits }

// In reports whether the deal stands in a state.
func (d Deal) In(state State) bool { return d.State == state }

// Visible reports whether anybody may see the deal's page at this instant.
func (d Deal) Visible(now time.Time) bool {
	return !d.PublicFrom.IsZero() && !now.Before(d.PublicFrom) && !d.Past(now)
}

// Past reports that the time is over in which the deal's page is public.
func (d Deal) Past(now time.Time) bool { return !d.PublicUntil.IsZero() && !now.Before(d.PublicUntil) }
