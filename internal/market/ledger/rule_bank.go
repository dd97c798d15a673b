package ledger

import (
	"github.com/dure-commerce/dure/internal/kit/assert"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
)

// Opening is R0: the operator's own money at the start of the books. The id makes it unique.
func Opening(id string, amount money.Won) Entry {
	e := Entry{Rule: RuleOpening, Scope: "R0/" + id}
	e.debit(BankOperating, "", amount)
	e.credit(Equity, "", amount)
	return e
}

// Statement is what a merchant's issued statement makes payable.
type Statement struct {
	About
	StatementID market.StatementID
	Net         money.Won // sum of the lines that earn; corrections have entries of their own
	Reserve     money.Won // contractual part kept back
}

// Due is R7: the hold is over, earned money becomes payable.
func Due(s Statement) Entry {
	merchant := string(s.MerchantID)
	e := Entry{Rule: RuleDue, Scope: "R7/" + string(s.StatementID), About: s.About}
	e.debit(Pending, merchant, s.Net)
	e.credit(Payable, merchant, s.Net-s.Reserve)
	e.credit(Reserve, merchant, s.Reserve)
	return e
}

// Payout is one transfer to a merchant, or to a buyer who is owed interest.
type Payout struct {
	About
	PayoutID market.PayoutID
	Amount   money.Won
}

// PayoutSent is the first step of R17: the transfer was instructed.
func PayoutSent(p Payout) Entry { return p.sent(Payable, string(p.MerchantID)) }

// InterestSent is R17 for a buyer: what a gateway cannot give back beyond the price goes by bank.
func InterestSent(p Payout) Entry { return p.sent(RefundPayable, string(p.OrderID)) }

func (p Payout) sent(from Account, party string) Entry {
	e := Entry{Rule: RulePayout, Scope: PayoutSentScope(p.PayoutID), About: p.About}
	e.debit(from, party, p.Amount)
	e.credit(PayoutTransit, string(p.PayoutID), p.Amount)
	return e
}

// PayoutSentScope is the scope of a payout's first step, by which the entry to return is found.
func PayoutSentScope(id market.PayoutID) string { return "R17/" + string(id) + "/sent" }

// PayoutConfirmedScope is the scope of a payout's second step.
func PayoutConfirmedScope(id market.PayoutID) string { return "R17/" + string(id) + "/confirmed" }

// PayoutConfirmed is the second step of R17: the bank confirmed the transfer.
func PayoutConfirmed(p Payout) Entry {
	e := Entry{Rule: RulePayout, Scope: PayoutConfirmedScope(p.PayoutID), About: p.About}
	e.debit(PayoutTransit, string(p.PayoutID), p.Amount)
	e.credit(BankCustody, "", p.Amount)
	return e
}

// PayoutReturned takes a step of R17 back: the transfer definitely failed, or the bank sent the money back. A confirmed
// payout that comes back mirrors both steps, the confirmed one first.
func PayoutReturned(step Entry) Entry { return Mirror(step, RulePayout, step.Scope+"/returned") }

// Settlement is a line or a sum of lines of a gateway's settlement file, as the bank confirmed it. All figures are
// negative for money that the gateway takes back.
type Settlement struct {
	About
	Gateway      string
	SettlementID string
	Gross        money.Won
	Fee          money.Won
	FeeVAT       money.Won
}

// Settled is R18: the gateway pays out net of its fee, which is the operator's cost; the buffer falls by it.
func Settled(s Settlement) Entry {
	e := Entry{Rule: RuleSettled, Scope: "R18/" + s.Gateway + "/" + s.SettlementID, About: s.About}
	e.signed(BankCustody, "", s.Gross-s.Fee-s.FeeVAT)
	e.signed(GatewayFee, "", s.Fee)
	e.signed(VATInput, "", s.FeeVAT)
	e.signed(GatewayReceivable, s.Gateway, -s.Gross)
	return e
}

// signed debits what is above zero and credits what is below.
func (e *Entry) signed(a Account, party string, amount money.Won) {
	if amount < 0 {
		e.credit(a, party, -amount)
		return
	}
	e.debit(a, party, amount)
}

// Transfer is money moved between the operator's own account and the clients' custody account.
type Transfer struct {
	ID     string
	Amount money.Won
}

// Swept is R19: commission leaves custody. SweepLimit bounds it.
func Swept(t Transfer) Entry {
	e := Entry{Rule: RuleSweep, Scope: "R19/" + t.ID}
	e.debit(BankOperating, "", t.Amount)
	e.credit(BankCustody, "", t.Amount)
	return e
}

// ToppedUp is R25: the operator fills the buffer, on the bank's confirmation.
func ToppedUp(t Transfer) Entry {
	e := Entry{Rule: RuleTopUp, Scope: "R25/" + t.ID}
	e.debit(BankCustody, "", t.Amount)
	e.credit(BankOperating, "", t.Amount)
	return e
}

// Netted is R21: what a merchant owes is taken from what is payable. The id is the statement that shows it.
func Netted(s Statement, amount money.Won) Entry {
	assert.That(amount > 0, "7 amounts are won above zero", "statement", s.StatementID, "amount", amount)
	e := Entry{Rule: RuleNetted, Scope: "R21/" + string(s.StatementID), About: s.About}
	e.debit(Payable, string(s.MerchantID), amount)
	e.credit(MerchantReceivable, string(s.MerchantID), amount)
	return e
}
