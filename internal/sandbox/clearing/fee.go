package clearing

// Contract is the gateway's price. RateBP is in basis points of the amount, without VAT.
type Contract struct {
	RateBP       int64
	BusinessDays int // between the day of sale and the pay-out
}

// Standard is 2.2 % + VAT, paid out on the next business day.
func Standard() Contract { return Contract{RateBP: 220, BusinessDays: 1} }

// Fee is what the gateway keeps of a movement, in won; a cancel's parts are negative.
type Fee struct{ Supply, VAT int64 }

// Total is the fee with its VAT.
func (f Fee) Total() int64 { return f.Supply + f.VAT }

// FeeOf is the fee of a payment whose charged sum went from before to after.
func (c Contract) FeeOf(before, after int64) Fee {
	was, is := c.feeOn(before), c.feeOn(after)
	return Fee{Supply: is.Supply - was.Supply, VAT: is.VAT - was.VAT}
}

func (c Contract) feeOn(charged int64) Fee {
	supply := roundHalfUp(charged*c.RateBP, 10_000)
	return Fee{Supply: supply, VAT: roundHalfUp(supply, 10)}
}

func roundHalfUp(n, d int64) int64 { return (2*n + d) / (2 * d) }
