package policy

import (
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/money"
)

// Set is all policies in force at an instant.
type Set struct {
	ID         string // snapshot id, "pol_20250917": the day of the youngest row in force
	From       time.Time
	Refund     Refund
	Interest   Interest
	Commission Commission
	Hold       Hold
	Tipping    Tipping
	Settlement Settlement
	Undo       Undo
	Reminder   Reminder
	Notice     Notice
	Queue      Queue
	Custody    Custody
	Payee      Payee
	Gateway    Gateway
	Wanted     Wanted
}

// Refund is what a buyer gets back, and how long.
type Refund struct {
	WithdrawalDays int       `json:"withdrawal_days"`
	ClaimYears     int       `json:"claim_years"` // after expiry
	Profiles       []Profile `json:"profiles"`
}

// ProfileName names a refund profile; a deal's terms carry one.
type ProfileName string

// The refund profiles.
const (
	Std2025      ProfileName = "std2025"       // goods and amount vouchers
	DatedService ProfileName = "dated-service" // seats, rooms and other services on a date
	Legacy70     ProfileName = "legacy70"      // imported vouchers only
)

// NameKey is the catalogue key of the profile's name.
func (n ProfileName) NameKey() string {
	return "policy.profile." + strings.ReplaceAll(string(n), "-", "_")
}

// Profile is what an expired voucher still gives back.
type Profile struct {
	Name         ProfileName       `json:"name"`
	ValidDaysMin int64             `json:"valid_days_min"` // the editor refuses less
	ImportsOnly  bool              `json:"imports_only,omitempty"`
	Tiers        []ClaimTier       `json:"tiers"`
	PointsBP     money.BasisPoints `json:"points_bp,omitempty"`   // of the unused value, when taken as points
	PointsOnly   bool              `json:"points_only,omitempty"` // points at once (R13) instead of a claim (R13b)
	PointsDays   int               `json:"points_days,omitempty"` // life of the points, 0 for the claim's years
	Balance      []BalanceTier     `json:"balance,omitempty"`     // from which use on the rest is paid out in money
}

// ClaimTier is the part of the unused value that is given back for vouchers up to a price; PriceMax 0 has no limit.
type ClaimTier struct {
	PriceMax money.Won         `json:"price_max"`
	ClaimBP  money.BasisPoints `json:"claim_bp"`
}

// BalanceTier is the used part of an amount voucher from which the rest is paid out; PriceMax 0 has no limit.
type BalanceTier struct {
	PriceMax money.Won         `json:"price_max"`
	UsedBP   money.BasisPoints `json:"used_bp"`
}

// Interest is owed for a refund that is executed late.
type Interest struct {
	RefundBusinessDays int               `json:"refund_business_days"`
	RateBP             money.BasisPoints `json:"rate_bp"`
	YearDays           int64             `json:"year_days"`
}

// Commission is the operator's part of a used voucher, without VAT.
type Commission struct {
	DefaultBP money.BasisPoints `json:"default_bp"`
	BPMax     money.BasisPoints `json:"bp_max"`
}

// Hold is how long units are kept for somebody who is paying.
type Hold struct {
	Minutes      int   `json:"minutes"`
	PageMinutes  int   `json:"page_minutes"` // added once while the payment page is open
	LapsesMax    int64 `json:"lapses_max"`   // lapsed holds on a deal before the account pauses there
	PauseMinutes int   `json:"pause_minutes"`
}

// Tipping is how a deal runs and ends.
type Tipping struct {
	Kind            string `json:"kind"` // the threshold kind that a new deal starts with
	Zone            string `json:"zone"`
	WindowDays      int    `json:"window_days"`
	ClosingMinutes  int    `json:"closing_minutes"` // for the last holds to be paid or to lapse
	AskHours        int    `json:"ask_hours"`       // for a merchant who wants to be asked
	ExtendDays      int    `json:"extend_days"`     // at most, once
	PublicDaysAfter int    `json:"public_days_after"`
}

// Settlement is when statements are issued, confirmed by silence, and paid.
type Settlement struct {
	IssueAt            Clock `json:"issue_at"`
	ObjectUntil        Clock `json:"object_until"`
	ObjectBusinessDays int   `json:"object_business_days"`
	PayoutBusinessDays int   `json:"payout_business_days"`
	AlarmDays          []int `json:"alarm_days"` // an unpaid payable rings
}

// Undo is how long a redemption can be taken back.
type Undo struct {
	OwnMinutes   int `json:"own_minutes"`   // one's own scan
	ManagerHours int `json:"manager_hours"` // a manager or owner
}

// Notice is how long a person's page of notices keeps them.
type Notice struct {
	KeptDays int `json:"kept_days"`
}

// Reminder is the days before a voucher's end on which its owner is told.
type Reminder struct {
	Days []int `json:"days"`
}

// Payee is how long a changed payout account waits before money goes there.
type Payee struct {
	ChangeHours int `json:"change_hours"`
}

// Gateway is what the payment gateway may keep by contract, and when it pays.
type Gateway struct {
	FeeBP        money.BasisPoints `json:"fee_bp"` // of the amount, without VAT
	BusinessDays int               `json:"business_days"`
}

// Queue weighs the parts of a draft's score, 100 together. The discount weighs nothing.
type Queue struct {
	Satisfaction int64 `json:"satisfaction"`
	Promises     int64 `json:"promises"`
	Region       int64 `json:"region"`
	Category     int64 `json:"category"`
	Discount     int64 `json:"discount"`
}

// Custody is how much of the clients' money must stand outside, and how long money may be on its way.
type Custody struct {
	CoverageBP         money.BasisPoints `json:"coverage_bp"`
	BufferMin          money.Won         `json:"buffer_min"`        // of the operator's own money in custody
	ExternalGateways   []string          `json:"external_gateways"` // whose balances count as assets
	TopUpBusinessDays  int               `json:"top_up_business_days"`
	PayoutTransitHours int               `json:"payout_transit_hours"`
	RefundTransitHours int               `json:"refund_transit_hours"`
	SuspenseHours      int               `json:"suspense_hours"`
}
