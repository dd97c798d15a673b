package ledger

import (
	"github.com/dure-commerce/dure/internal/kit/assert"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
)

// Earning is how the price of a voucher, or of some of its uses, is shared out.
type Earning struct {
	Price      money.Won // including the merchant's own VAT
	Commission money.Won // supply value
	VAT        money.Won // on the commission
}

// Net is what the merchant earns.
func (x Earning) Net() money.Won { return x.Price - x.Commission - x.VAT }

// Earn shares out a voucher's price: commission ⌊p·bp/10,000⌋ and a tenth of it as VAT, both down (decision 28).
func Earn(price money.Won, commissionBP money.BasisPoints) Earning {
	commission := money.Rate(price, commissionBP)
	return Earning{Price: price, Commission: commission, VAT: money.VAT(commission)}
}

// Uses gives what uses first … first+count−1 (from 1) of total book: cumulative parts, which add up to the whole.
func (x Earning) Uses(first, count, total int64) Earning {
	assert.That(first >= 1 && count >= 1 && first+count-1 <= total, "16 uses lie within the voucher",
		"first", first, "count", count, "total", total)
	part := func(whole money.Won) money.Won {
		to, _ := money.MulDiv(whole, first+count-1, total)
		from, _ := money.MulDiv(whole, first-1, total)
		return to - from
	}
	return Earning{Price: part(x.Price), Commission: part(x.Commission), VAT: part(x.VAT)}
}

// Use is one redemption: one or more uses of a voucher, taken at once.
type Use struct {
	About
	RedemptionID market.RedemptionID
	Earning
	Promo money.Won // the part of the price that the operator carries (R2b)
}

// Redeemed is R5: the merchant has earned its part, the operator its commission. A promotion's part comes from the
// operator, and all shares are reckoned from the whole price (decision 29).
func Redeemed(u Use) Entry {
	assert.That(u.Promo >= 0 && u.Promo <= u.Price, "1 a promotion is a part of the price",
		"redemption", u.RedemptionID, "promo", u.Promo, "price", u.Price)
	e := Entry{Rule: RuleRedeemed, Scope: "R5/" + string(u.RedemptionID), About: u.About}
	e.debit(Unredeemed, string(u.DealID), u.Price-u.Promo)
	e.debit(Promo, "", u.Promo)
	e.credit(Pending, string(u.MerchantID), u.Net())
	e.credit(Commission, "", u.Commission)
	e.credit(VATOutput, "", u.VAT)
	return e
}

// RedeemedScope is the scope of a redemption's R5, by which the entry to undo is found.
func RedeemedScope(id market.RedemptionID) string { return "R5/" + string(id) }

// Undone is R6: a redemption is taken back in its window. It names R5's entry and stands at most once.
func Undone(redeemed Entry, id market.RedemptionID) Entry {
	return Mirror(redeemed, RuleUndone, "R6/"+string(id))
}
