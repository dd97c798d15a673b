package ledger

import (
	"github.com/dure-commerce/dure/internal/kit/assert"
	"github.com/dure-commerce/dure/internal/kit/money"
)

// Expiry is the end of a voucher with unused value.
type Expiry struct {
	About
	Price      money.Won         // of the unused uses
	ClaimBP    money.BasisPoints // what the refund profile gives back, rounded up
	BreakageBP money.BasisPoints // the part of the rest that law gives nobody, 0 as a rule; all else is the merchant's
}

// Claim is what the owner may still ask for.
func (x Expiry) Claim() money.Won { return money.RateUp(x.Price, x.ClaimBP) }

// rest shares out what no claim reaches: the operator's part is taken down.
func (x Expiry) rest() (merchant, breakage money.Won) {
	assert.That(x.ClaimBP >= 0 && x.ClaimBP <= 10_000 && x.BreakageBP >= 0 && x.BreakageBP <= 10_000,
		"25 an expiry's rates are parts", "claim", x.ClaimBP, "breakage", x.BreakageBP)
	rest := x.Price - x.Claim()
	breakage = money.Rate(rest, x.BreakageBP)
	return rest - breakage, breakage
}

// Expired is R13b: the refundable part waits for its claim; the rest goes to the merchant without commission, by the
// deal's terms (decision 33).
func Expired(x Expiry) Entry {
	e := Entry{Rule: RuleExpired, Scope: "R13b/" + string(x.VoucherID), About: x.About}
	return x.lines(e, Unclaimed)
}

// ExpiredToPoints is R13: the refundable part becomes points at once.
func ExpiredToPoints(x Expiry) Entry {
	e := Entry{Rule: RuleExpiredToPoints, Scope: "R13/" + string(x.VoucherID), About: x.About}
	return x.lines(e, PointsPaid)
}

func (x Expiry) lines(e Entry, to Account) Entry {
	merchant, breakage := x.rest()
	e.debit(Unredeemed, string(x.DealID), x.Price)
	e.credit(to, string(x.VoucherID), x.Claim())
	e.credit(Pending, string(x.MerchantID), merchant)
	e.credit(Breakage, "", breakage)
	return e
}
