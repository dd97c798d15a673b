package ledger

import (
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
)

// Payment is money that the gateway has captured for an order.
type Payment struct {
	About
	PaymentID market.PaymentID
	Gateway   string
	Amount    money.Won
	Tipped    bool // the deal has tipped already
}

// Paid is R2: captured money becomes the buyer's pledge, or the voucher's value when the deal has tipped.
func Paid(p Payment) Entry {
	e := Entry{Rule: RulePaid, Scope: "R2/" + string(p.PaymentID), About: p.About}
	e.debit(GatewayReceivable, p.Gateway, p.Amount)
	e.credit(source(p.Tipped), string(p.DealID), p.Amount)
	return e
}

// PaidLate is R2c: captured money for which there is no unit any more is owed back at once.
func PaidLate(p Payment) Entry {
	e := Entry{Rule: RulePaidLate, Scope: "R2c/" + string(p.PaymentID), About: p.About}
	e.debit(GatewayReceivable, p.Gateway, p.Amount)
	e.credit(RefundPayable, string(p.OrderID), p.Amount)
	return e
}

// Tip is one voucher of a deal that has tipped.
type Tip struct {
	About
	Price money.Won // what was paid for the voucher
}

// Tipped is R3: the pledge for one voucher becomes the value of a usable voucher.
func Tipped(t Tip) Entry {
	e := Entry{Rule: RuleTipped, Scope: "R3/" + string(t.VoucherID), About: t.About}
	e.debit(Pledge, string(t.DealID), t.Price)
	e.credit(Unredeemed, string(t.DealID), t.Price)
	return e
}

// source is the account in which money for an unused voucher stands.
func source(tipped bool) Account {
	if tipped {
		return Unredeemed
	}
	return Pledge
}
