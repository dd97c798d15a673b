package deliver

import (
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/ledger"
)

// Split is what a decision would come to in won: together it is what the dispute froze.
type Split struct {
	ToBuyer    money.Won
	ToSeller   money.Won // after the commission and its tax
	Commission money.Won
	VAT        money.Won
}

// SplitOf reckons a decision without making it; escrow.ErrRuling refuses what the dispute has not frozen.
func SplitOf(x escrow.Dispute, commission money.BasisPoints, refunded money.Won) (Split, error) {
	if refunded < 0 || refunded > x.Amount {
		return Split{}, escrow.ErrRuling.With("Max", x.Amount).On("refunded")
	}
	e := ledger.Earn(x.Amount-refunded, commission)
	return Split{ToBuyer: refunded, ToSeller: e.Net(), Commission: e.Commission, VAT: e.VAT}, nil
}
