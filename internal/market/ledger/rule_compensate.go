package ledger

import "github.com/dure-commerce/dure/internal/kit/money"

// RuleCompensated is the operator's own money to a merchant whose objection was right.
const RuleCompensated Rule = "R26"

// PayoutInterest is R12 for a merchant: a payout that left late by the operator's fault bears interest, which becomes
// money of the merchant, pending until the next statement. Amount is the interest.
func PayoutInterest(p Payout) Entry {
	e := Entry{Rule: RuleInterest, Scope: "R12/" + string(p.PayoutID), About: p.About}
	e.debit(LateInterest, "", p.Amount)
	e.credit(Pending, string(p.MerchantID), p.Amount)
	return e
}

// CompensationDue is one such payment; the id makes it unique.
type CompensationDue struct {
	About
	ID     string
	Amount money.Won
}

// Compensated is R26: the operator's cost becomes money of the merchant, pending until the next statement. The buffer
// falls by it.
func Compensated(c CompensationDue) Entry {
	e := Entry{Rule: RuleCompensated, Scope: "R26/" + c.ID, About: c.About}
	e.debit(Compensation, "", c.Amount)
	e.credit(Pending, string(c.MerchantID), c.Amount)
	return e
}
