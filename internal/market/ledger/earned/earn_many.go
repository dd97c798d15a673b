package earned

import (
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market/ledger"
)

// Shares is what units of one price earn when every unit is a share of its own, and by how much less that is at most:
// each share's commission is rounded down by itself, so that a member who takes several leaves a few won less.
func Shares(price money.Won, units int64, commissionBP money.BasisPoints) (each ledger.Earning, less money.Won) {
	one, whole := ledger.Earn(price, commissionBP), ledger.Earn(price*units, commissionBP)
	each = ledger.Earning{Price: one.Price * units, Commission: one.Commission * units, VAT: one.VAT * units}
	return each, each.Net() - whole.Net()
}

// Taken is what the operator keeps of an earning: its commission, and the tax on that.
func Taken(x ledger.Earning) money.Won { return x.Price - x.Net() }
