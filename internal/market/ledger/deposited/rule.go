package deposited

import (
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market/ledger"
)

// Paid is R2 for a seller's deposit: captured money is held until the bid is over.
func Paid(p ledger.Payment) ledger.Entry {
	return entry(ledger.RulePaid, "R2/"+string(p.PaymentID), p.About,
		line(ledger.GatewayReceivable, p.Gateway, p.Amount), line(ledger.BidDeposit, string(p.OrderID), p.Amount))
}

// Returned is the first step of R8 for a deposit: it is owed back.
func Returned(r ledger.Return) ledger.Entry {
	return entry(ledger.RuleRefund, "R8/"+string(r.RefundID)+"/decided", r.About,
		line(ledger.BidDeposit, string(r.OrderID), r.Amount), line(ledger.RefundPayable, string(r.OrderID), r.Amount))
}

// Kept is R27: a winner failed by its own fault. What members get of it leaves again by R28; the rest stays.
func Kept(about ledger.About, amount money.Won) ledger.Entry {
	return entry(ledger.RuleDepositKept, "R27/"+string(about.OrderID), about,
		line(ledger.BidDeposit, string(about.OrderID), amount), line(ledger.DepositsKept, "", amount))
}

// Part is what one member gets of a deposit that was kept. Ref names deposit and member; it makes the part unique.
type Part struct {
	ledger.About
	Ref    string
	Amount money.Won
}

// Shared is R28: a member is owed a part of a kept deposit.
func Shared(p Part) ledger.Entry {
	return entry(ledger.RuleDepositShared, "R28/"+p.Ref, p.About,
		line(ledger.DepositsKept, "", p.Amount), line(ledger.RefundPayable, string(p.OrderID), p.Amount))
}

// entry debits the first line's account and credits the second's.
func entry(rule ledger.Rule, scope string, about ledger.About, debit, credit ledger.Line) ledger.Entry {
	debit.Side, credit.Side = ledger.Debit, ledger.Credit
	return ledger.Entry{Rule: rule, Scope: scope, About: about, Lines: []ledger.Line{debit, credit}}
}

func line(account ledger.Account, party string, amount money.Won) ledger.Line {
	return ledger.Line{Account: account, Party: party, Amount: amount}
}
