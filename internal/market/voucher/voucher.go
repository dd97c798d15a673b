package voucher

import (
	"time"

	"github.com/dure-commerce/dure/internal/kit/hours"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
)

// State is where a voucher stands.
type State string

// The states: issued at payment, active once the deal tipped, then one of the ends.
const (
	Issued         State = "issued"
	Active         State = "active"
	Used           State = "used"
	RefundPending  State = "refund_pending"
	Refunded       State = "refunded"
	Expired        State = "expired"
	ExpiryRefunded State = "expiry_refunded"
	Blocked        State = "blocked"
)

// Voucher is the right to UnitsTotal uses of what was bought.
type Voucher struct {
	ID            market.VoucherID
	OrderID       market.OrderID
	DealID        market.DealID
	OptionID      market.OptionID
	MerchantID    market.MerchantID
	AccountID     market.AccountID
	Position      int64 // within its order, from 1
	Price         int64 // won
	Commission    int64 // won, without VAT
	CommissionVAT int64 // won
	UnitsTotal    int64
	UnitsUsed     int64
	State         State
	FaceHash      string
	CodeHash      string
	Branches      []market.BranchID // empty means every branch of the merchant
	Rules         hours.Rules
	TermsVersion  int64
	RefundProfile string
	ValidDays     int64
	PaidAt        time.Time
	ActiveAt      time.Time
	ValidUntil    time.Time // the first instant at which it can no longer be used
	EndedAt       time.Time
	Version       int64
}

// UnitsLeft is the number of uses not made.
func (v Voucher) UnitsLeft() int64 { return v.UnitsTotal - v.UnitsUsed }

// Parts are the won of some uses: Price = Commission + CommissionVAT + Net.
type Parts struct {
	Price         int64
	Commission    int64
	CommissionVAT int64
	Net           int64
}

// PartsOf gives the won of the uses from+1 … from+n, by cumulative floors, so that all uses add up to the price.
func (v Voucher) PartsOf(from, n int64) Parts {
	p := Parts{
		Price:         money.Span(v.Price, from, from+n, v.UnitsTotal),
		Commission:    money.Span(v.Commission, from, from+n, v.UnitsTotal),
		CommissionVAT: money.Span(v.CommissionVAT, from, from+n, v.UnitsTotal),
	}
	p.Net = p.Price - p.Commission - p.CommissionVAT
	return p
}

// LeftWon is the price of the uses not made.
func (v Voucher) LeftWon() int64 { return v.PartsOf(v.UnitsUsed, v.UnitsLeft()).Price }

// Redemption is one accepted scan.
type Redemption struct {
	ID            market.RedemptionID
	VoucherID     market.VoucherID
	OrderID       market.OrderID
	DealID        market.DealID
	MerchantID    market.MerchantID
	BranchID      market.BranchID
	AccountID     market.AccountID
	StaffID       market.AccountID
	Nonce         string
	NonceHash     string
	Units         int64
	FirstUse      int64 // number of the first use in it, from 1
	Price         int64
	Commission    int64
	CommissionVAT int64
	Net           int64
	State         RedemptionState
	At            time.Time
	Day           string // local day of the merchant's zone
	AnnulledAt    time.Time
	AnnulledBy    market.AccountID
	AnnulReason   string
	StatementID   market.StatementID
	Version       int64
}

// RedemptionState is where a redemption stands.
type RedemptionState string

// The states.
const (
	Accepted RedemptionState = "accepted"
	Annulled RedemptionState = "annulled"
)

// Plan is what issuing needs to know of an order.
type Plan struct {
	OrderID       market.OrderID
	DealID        market.DealID
	OptionID      market.OptionID
	MerchantID    market.MerchantID
	AccountID     market.AccountID
	Quantity      int64
	Amount        int64 // won
	UsesEach      int64
	CommissionBP  int64
	Branches      []market.BranchID
	Rules         hours.Rules
	TermsVersion  int64
	RefundProfile string
	ValidDays     int64
	PaidAt        time.Time
	// Tipped vouchers are born active.
	Tipped bool
}

// Make plans the vouchers of a paid order: one a unit, the price split by largest remainder, commission and its VAT
// fixed here and never computed again.
func Make(p Plan, keys Keys, newID func(prefix string) string) []Voucher {
	prices := money.Even(p.Amount, int(p.Quantity))
	out := make([]Voucher, len(prices))
	for i, price := range prices {
		v := Voucher{
			ID: market.VoucherID(newID(market.PrefixVoucher)), OrderID: p.OrderID, DealID: p.DealID,
			OptionID: p.OptionID, MerchantID: p.MerchantID, AccountID: p.AccountID, Position: int64(i + 1), Price: price,
			UnitsTotal: p.UsesEach, State: Issued, Branches: p.Branches, Rules: p.Rules, TermsVersion: p.TermsVersion,
			RefundProfile: p.RefundProfile, ValidDays: p.ValidDays, PaidAt: p.PaidAt, Version: 1,
		}
		v.Commission = money.Rate(price, p.CommissionBP)
		v.CommissionVAT = money.VAT(v.Commission)
		v.FaceHash, v.CodeHash = keys.HashFace(keys.Face(v.ID)), keys.HashCode(keys.Code(v.ID))
		if p.Tipped {
			v.State, v.ActiveAt, v.ValidUntil = Active, p.PaidAt, ValidUntil(p.PaidAt, p.ValidDays)
		}
		out[i] = v
	}
	return out
}

// ValidUntil is the end of the day, in Korea, that lies the given number of days after activation.
func ValidUntil(activeAt time.Time, days int64) time.Time {
	local := activeAt.In(Zone)
	return time.Date(local.Year(), local.Month(), local.Day()+int(days)+1, 0, 0, 0, 0, Zone).UTC()
}

// Zone is Korea's; it has had no daylight saving since 1988.
var Zone = time.FixedZone("KST", 9*60*60)
