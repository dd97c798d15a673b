package ledger

import (
	"github.com/dure-commerce/dure/internal/kit/assert"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
)

// Return is money of one order on its way back to the buyer, under one refund id.
type Return struct {
	About
	RefundID market.RefundID
	Amount   money.Won
}

// NotTipped is R4: a deal that did not tip owes the pledge back.
func NotTipped(r Return) Entry {
	return r.decided(RuleNotTipped, "R4/"+string(r.RefundID), Pledge, string(r.DealID))
}

// RefundDecided is the first step of R8: unused money of an order is owed back. Tipped tells where it stands.
func RefundDecided(r Return, tipped bool) Entry {
	return r.decided(RuleRefund, "R8/"+string(r.RefundID)+"/decided", source(tipped), string(r.DealID))
}

// Claimed is R13d: the owner asks for the refundable part of an expired voucher.
func Claimed(r Return) Entry {
	return r.decided(RuleClaimed, "R13d/"+string(r.RefundID), Unclaimed, string(r.VoucherID))
}

func (r Return) decided(rule Rule, scope string, from Account, party string) Entry {
	e := Entry{Rule: rule, Scope: scope, About: r.About}
	e.debit(from, party, r.Amount)
	e.credit(RefundPayable, string(r.OrderID), r.Amount)
	return e
}

// RefundAccepted is the second step of R8: the gateway took the cancel.
func RefundAccepted(r Return) Entry {
	e := Entry{Rule: RuleRefund, Scope: "R8/" + string(r.RefundID) + "/accepted", About: r.About}
	e.debit(RefundPayable, string(r.OrderID), r.Amount)
	e.credit(RefundTransit, string(r.RefundID), r.Amount)
	return e
}

// RefundSettled is the third step of R8: the gateway's settlement line was seen.
func RefundSettled(r Return, gateway string) Entry {
	e := Entry{Rule: RuleRefund, Scope: "R8/" + string(r.RefundID) + "/settled", About: r.About}
	e.debit(RefundTransit, string(r.RefundID), r.Amount)
	e.credit(GatewayReceivable, gateway, r.Amount)
	return e
}

// InterestOwed is R12: a refund executed late carries interest, at the operator's cost. Amount is the interest.
func InterestOwed(r Return) Entry {
	e := Entry{Rule: RuleInterest, Scope: "R12/" + string(r.RefundID), About: r.About}
	e.debit(LateInterest, "", r.Amount)
	e.credit(RefundPayable, string(r.OrderID), r.Amount)
	return e
}

// TakeBack is money of a used voucher that goes back to the buyer. What the merchant earned by it is taken from what
// is pending, then from what is payable, and what is short becomes a claim on the merchant.
type TakeBack struct {
	Return
	Use     Earning   // what the whole use booked
	Before  money.Won // earlier part refunds of the same use
	Pending money.Won // standing in the merchant's 2140 for this use
	Payable money.Won // what the merchant's 2150 can give
}

// TakenBack is R9 for the whole of a use and R10 for a part: every party gives back its cumulative share, VAT that of
// what the commission leaves, so that parts add up to the use and none is below zero, were it of a single won.
func TakenBack(t TakeBack) Entry {
	assert.That(t.Amount > 0 && t.Before >= 0 && t.Before+t.Amount <= t.Use.Price,
		"18 refunds of a use stay within its price",
		"refund", t.RefundID, "amount", t.Amount, "before", t.Before, "price", t.Use.Price)
	e := Entry{Rule: RuleTakenBack, Scope: "R9/" + string(t.RefundID), About: t.About}
	if t.Amount < t.Use.Price {
		e.Rule, e.Scope = RulePartRefunded, "R10/"+string(t.RefundID)
	}
	commission := between(t.Use.Commission, t.Before, t.Amount, t.Use.Price)
	before, _ := money.MulDiv(t.Use.Commission, t.Before, t.Use.Price)
	vat := between(t.Use.VAT, t.Before-before, t.Amount-commission, t.Use.Price-t.Use.Commission)
	net, merchant := t.Amount-commission-vat, string(t.MerchantID)
	pending := min(net, t.Pending)
	payable := min(net-pending, t.Payable)
	e.debit(Pending, merchant, pending)
	e.debit(Payable, merchant, payable)
	e.debit(MerchantReceivable, merchant, net-pending-payable)
	e.debit(Commission, "", commission)
	e.debit(VATOutput, "", vat)
	e.credit(RefundPayable, string(t.OrderID), t.Amount)
	return e
}

// between is the share of part that lies between before and before+amount of a whole.
func between(part, before, amount, whole money.Won) money.Won {
	to, _ := money.MulDiv(part, before+amount, whole)
	from, _ := money.MulDiv(part, before, whole)
	return to - from
}
