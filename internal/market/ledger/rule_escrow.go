package ledger

import (
	"github.com/dure-commerce/dure/internal/kit/assert"
	"github.com/dure-commerce/dure/internal/kit/money"
)

// The rules of a crowd's money. Each member's won is a party of its own in 2120 and 2130, the member's order, so that
// the floor of the accounts keeps every member's money apart, whoever wins the wish and whoever fails it (31).
const (
	RulePriceFell Rule = "R14"
	RuleReleased  Rule = "R15"
	RuleDisputed  Rule = "R16"
)

// PaidToEscrow is R2 for a member of a crowd: captured money is held until the member has what was promised.
func PaidToEscrow(p Payment) Entry {
	e := Entry{Rule: RulePaid, Scope: "R2/" + string(p.PaymentID), About: p.About}
	e.debit(GatewayReceivable, p.Gateway, p.Amount)
	e.credit(EscrowHeld, string(p.OrderID), p.Amount)
	return e
}

// PriceFell is R14: more came together after the member had paid, or the next bid is lower; the difference is owed
// back.
func PriceFell(r Return) Entry {
	return r.fromEscrow(RulePriceFell, "R14/"+string(r.RefundID))
}

// EscrowReturned is the first step of R8 for money that nobody disputes: the member's share is owed back.
func EscrowReturned(r Return) Entry {
	return r.fromEscrow(RuleRefund, "R8/"+string(r.RefundID)+"/decided")
}

func (r Return) fromEscrow(rule Rule, scope string) Entry {
	assert.That(r.Amount > 0, "7 amounts are won above zero", "refund", r.RefundID, "amount", r.Amount)
	return r.decided(rule, scope, EscrowHeld, string(r.OrderID))
}

// Release is the whole of a member's share on its way to the seller.
type Release struct {
	About
	Earning
}

// Released is R15: the member has confirmed receipt, or kept silent after it was proven. The seller earns, the operator
// has its commission. A share is released once.
func Released(x Release) Entry {
	e := Entry{Rule: RuleReleased, Scope: "R15/" + string(x.OrderID), About: x.About}
	e.debit(EscrowHeld, string(x.OrderID), x.Price)
	e.earn(x)
	return e
}

// Disputed is the first step of R16: the member's share freezes. A share is disputed once.
func Disputed(about About, amount money.Won) Entry {
	e := Entry{Rule: RuleDisputed, Scope: "R16/" + string(about.OrderID) + "/opened", About: about}
	e.debit(EscrowHeld, string(about.OrderID), amount)
	e.credit(EscrowDisputed, string(about.OrderID), amount)
	return e
}

// Ruling is how a dispute ended: both parts in won, together the whole of the share. Its commission is reckoned on what
// the seller gets.
type Ruling struct {
	Release
	Refunded money.Won
}

// Ruled is the second step of R16: the frozen share goes to the seller, back to the member, or to each a part.
func Ruled(x Ruling) Entry {
	e := Entry{Rule: RuleDisputed, Scope: "R16/" + string(x.OrderID) + "/decided", About: x.About}
	e.debit(EscrowDisputed, string(x.OrderID), x.Price+x.Refunded)
	e.earn(x.Release)
	e.credit(RefundPayable, string(x.OrderID), x.Refunded)
	return e
}

// earn shares out what goes to the seller.
func (e *Entry) earn(x Release) {
	e.credit(Pending, string(x.MerchantID), x.Net())
	e.credit(Commission, "", x.Commission)
	e.credit(VATOutput, "", x.VAT)
}
