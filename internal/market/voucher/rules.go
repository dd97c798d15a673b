package voucher

import (
	"slices"
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/hours"
	"github.com/dure-commerce/dure/internal/market"
)

// Reasons of a refused scan: one table, one catalogue entry each ("redeem.<reason>").
var (
	ErrUnknown       = fail.New(fail.NotFound, "redeem.unknown")
	ErrNotTipped     = fail.New(fail.Conflict, "redeem.not_tipped")
	ErrNotYet        = fail.New(fail.Conflict, "redeem.not_yet")
	ErrAlreadyUsed   = fail.New(fail.Conflict, "redeem.already_used")
	ErrUnitsShort    = fail.New(fail.Conflict, "redeem.units_short")
	ErrExpired       = fail.New(fail.Conflict, "redeem.expired")
	ErrRefunded      = fail.New(fail.Conflict, "redeem.refunded")
	ErrRefundPending = fail.New(fail.Conflict, "redeem.refund_pending")
	ErrBlocked       = fail.New(fail.Conflict, "redeem.blocked")
	ErrWrongMerchant = fail.New(fail.Conflict, "redeem.wrong_merchant")
	ErrWrongBranch   = fail.New(fail.Conflict, "redeem.wrong_branch")
	ErrOutsideHours  = fail.New(fail.Conflict, "redeem.outside_hours")
	ErrRule          = fail.New(fail.Conflict, "redeem.rule")
	ErrUnits         = fail.New(fail.Invalid, "redeem.units")
	ErrNonce         = fail.New(fail.Invalid, "redeem.nonce")
	ErrNonceReused   = fail.New(fail.Conflict, "redeem.nonce_reused")
	ErrUndone        = fail.New(fail.Conflict, "redeem.already_undone")
	ErrUndoLate      = fail.New(fail.Conflict, "redeem.undo_late")
	ErrLaterUse      = fail.New(fail.Conflict, "redeem.later_use")
	ErrStated        = fail.New(fail.Conflict, "redeem.stated")
	ErrNotYours      = fail.New(fail.NotFound, "voucher.not_found")
)

// Reasons lists every refusal of a scan, for the catalogue, the docs and the coverage of the simulation.
func Reasons() []*fail.Error {
	return []*fail.Error{ErrUnknown, ErrNotTipped, ErrNotYet, ErrAlreadyUsed, ErrUnitsShort, ErrExpired, ErrRefunded,
		ErrRefundPending, ErrBlocked, ErrWrongMerchant, ErrWrongBranch, ErrOutsideHours, ErrRule, ErrStaleFace}
}

// Scan is where and how a voucher is shown.
type Scan struct {
	MerchantID market.MerchantID
	BranchID   market.BranchID
	Units      int64
	Now        time.Time
	Tipped     bool // the deal has tipped; an issued voucher is then activated by its first touch
}

// MayUse answers whether the voucher can be used as shown, and if not why, in the order in which a customer should
// hear it: whose it is, what became of it, then when and where.
func (v Voucher) MayUse(s Scan) error {
	if v.MerchantID != s.MerchantID {
		return ErrWrongMerchant
	}
	if err := v.stateAllows(s); err != nil {
		return err
	}
	if !v.ValidUntil.IsZero() && !s.Now.Before(v.ValidUntil) {
		return ErrExpired.With("Until", v.ValidUntil)
	}
	if s.Units < 1 {
		return ErrUnits.On("units")
	}
	if s.Units > v.UnitsLeft() {
		return ErrUnitsShort.With("Left", v.UnitsLeft())
	}
	if len(v.Branches) > 0 && !slices.Contains(v.Branches, s.BranchID) {
		return ErrWrongBranch
	}
	return RulesAllow(v.Rules, s.Now)
}

func (v Voucher) stateAllows(s Scan) error {
	switch v.State {
	case Active:
		return nil
	case Issued:
		if !s.Tipped {
			return ErrNotTipped
		}
		return nil
	case Used:
		return ErrAlreadyUsed
	case RefundPending:
		return ErrRefundPending
	case Refunded, ExpiryRefunded:
		return ErrRefunded
	case Expired:
		return ErrExpired.With("Until", v.ValidUntil)
	case Blocked:
	}
	return ErrBlocked
}

// RulesAllow answers whether the rules of use let the voucher be used at an instant, in Korea's time.
func RulesAllow(r hours.Rules, now time.Time) error {
	switch r.Judge(now, Zone) {
	case hours.OtherDay:
		return ErrRule.With("Day", now.In(Zone))
	case hours.OutsideHours:
		return ErrOutsideHours.With("From", r.From, "To", r.To)
	}
	return nil
}

// UndoWindows are how long a use can be taken back, by the policies of its instant: one's own scan, and by a manager.
type UndoWindows struct{ Own, Manager time.Duration }

// MayUndo answers whether a member of the merchant's staff may undo the redemption at this instant; never past the
// issue of the statement.
func (r Redemption) MayUndo(by market.AccountID, role market.Role, w UndoWindows, now time.Time) error {
	switch {
	case r.State == Annulled:
		return ErrUndone
	case r.StatementID != "":
		return ErrStated
	case r.StaffID == by && now.Sub(r.At) <= w.Own:
		return nil
	case (role == market.RoleManager || role == market.RoleOwner) && now.Sub(r.At) <= w.Manager:
		return nil
	}
	return ErrUndoLate
}

// ErrMoved is the answer when a voucher was used or moved while a refund was decided.
var (
	ErrMoved         = fail.New(fail.Conflict, "voucher.moved")
	ErrNotRefundable = fail.New(fail.Conflict, "voucher.not_refundable")
)

// Standing reports a voucher whose money has neither gone back nor been wholly used.
func (v Voucher) Standing() bool { return v.State.Standing() }

// Standing reports the state of a voucher that its owner still has, used up or not.
func (s State) Standing() bool { return s == Issued || s == Active }

// Refundable picks the vouchers that go back on the owner's word now. Before activation always; afterwards the uses not
// made go back whole until the voucher expires, within the seven days of withdrawal and after them. What remains after
// expiry follows the refund profile and is another journey.
func Refundable(list []Voucher, now time.Time) ([]Voucher, error) {
	var out []Voucher
	for _, v := range list {
		if v.Standing() && (v.ValidUntil.IsZero() || now.Before(v.ValidUntil)) {
			out = append(out, v)
		}
	}
	if len(out) == 0 {
		return nil, ErrNotRefundable
	}
	return out, nil
}

// AwaitsActivation reports a voucher of a tipped deal that no chunk has made usable yet.
func (v Voucher) AwaitsActivation(tipped bool) bool { return tipped && v.State == Issued }

// Backing is what vouchers that go back are worth, and what they leave in the counters.
type Backing struct {
	Won       int64 // price of the uses not made
	Unused    int64 // vouchers with no use at all
	UnusedWon int64
}

// Add counts one voucher in.
func (b Backing) Add(v Voucher) Backing {
	b.Won += v.LeftWon()
	if v.UnitsUsed == 0 {
		b.Unused++
		b.UnusedWon += v.Price
	}
	return b
}

// WithUse adds to "already used" when and where the voucher was used last.
func WithUse(refusal error, last *Redemption) error {
	if e, ok := fail.As(refusal); ok && last != nil && (e.Is(ErrAlreadyUsed) || e.Is(ErrUnitsShort)) {
		return e.With("At", last.At, "BranchID", string(last.BranchID))
	}
	return refusal
}

// LastAccepted picks the newest accepted use of a list that begins with the newest.
func LastAccepted(list []Redemption) *Redemption {
	for i := range list {
		if list[i].State == Accepted {
			return &list[i]
		}
	}
	return nil
}

// UndoneBy reports a redemption that this person has undone.
func (r Redemption) UndoneBy(id market.AccountID) bool {
	return r.State == Annulled && r.AnnulledBy == id
}

// Spend uses units in memory, so that the next scan of a batch sees it.
func (v *Voucher) Spend(n int64) {
	v.UnitsUsed += n
	if v.UnitsUsed == v.UnitsTotal {
		v.State = Used
	}
}
