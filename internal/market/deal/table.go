package deal

import (
	"time"

	"github.com/dure-commerce/dure/internal/kit/money"
)

// TableFacts are what the merchant's table is reckoned from.
type TableFacts struct {
	Option          OptionOffer
	CommissionBP    int64
	MerchantShareBP int64
	StatedCost      int64 // won a unit, 0 when not told
	Capacity        int64
	ValidDays       int64
	LastUse         time.Time // an example use, to show the payout day
	PayoutDay       time.Time // when that use is paid out
}

// Table is what the merchant sees in won before submitting; it is frozen into the deal's terms.
type Table struct {
	ListPrice       int64     `json:"list_price"`
	Price           int64     `json:"price"`
	Discount        int64     `json:"discount"`
	MerchantCarries int64     `json:"merchant_carries"`
	OperatorCarries int64     `json:"operator_carries"`
	CommissionBP    int64     `json:"commission_bp"`
	Commission      int64     `json:"commission"`
	CommissionVAT   int64     `json:"commission_vat"`
	Left            int64     `json:"left"` // before VAT on the commission
	Net             int64     `json:"net"`  // what is paid out a unit
	StatedCost      int64     `json:"stated_cost"`
	Margin          int64     `json:"margin"` // Net − StatedCost
	Loss            bool      `json:"loss"`
	BreakEvenVisits int64     `json:"break_even_visits"` // return visits at list price that cover the loss a voucher makes
	WorstDay        int64     `json:"worst_day"`         // units if a tenth of all come on one day
	Uses            int64     `json:"uses"`
	UseExample      time.Time `json:"use_example"`
	PayoutExample   time.Time `json:"payout_example"`
}

// TableOf reckons the merchant's table for one option.
//
// Example from the product's definition: list 20,000, half off, half fee → 5,000 left, 4,500 after VAT on the fee,
// with a warning when the stated cost is 7,000.
func TableOf(f TableFacts) Table {
	o := f.Option
	t := Table{ListPrice: o.ListPrice, Price: o.Price, Discount: max(0, o.ListPrice-o.Price), CommissionBP: f.CommissionBP,
		StatedCost: f.StatedCost, Uses: max(1, o.Uses), UseExample: f.LastUse, PayoutExample: f.PayoutDay}
	t.MerchantCarries = money.Rate(t.Discount, f.MerchantShareBP)
	t.OperatorCarries = t.Discount - t.MerchantCarries
	t.Commission = money.Rate(o.Price, f.CommissionBP)
	t.CommissionVAT = money.VAT(t.Commission)
	t.Left = o.Price - t.Commission
	t.Net = t.Left - t.CommissionVAT
	t.WorstDay = (f.Capacity + worstDayParts - 1) / worstDayParts
	if f.StatedCost > 0 {
		t.Margin = t.Net - f.StatedCost
		t.Loss = t.Margin < 0
		t.BreakEvenVisits = breakEven(-t.Margin, o.ListPrice-f.StatedCost)
	}
	return t
}

// worstDayParts: in ten-week runs the fullest day took up to a tenth of all vouchers; the table warns with that.
const worstDayParts = 10

// breakEven is how many full-price visits cover a loss; −1 when none can.
func breakEven(loss, gain int64) int64 {
	switch {
	case loss <= 0:
		return 0
	case gain <= 0:
		return -1
	}
	return (loss + gain - 1) / gain
}
