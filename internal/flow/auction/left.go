package auction

import (
	"time"

	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/ledger/earned"
	"github.com/dure-commerce/dure/internal/market/policy"
)

// Left is what an offer leaves its seller when so many units are taken, as the ledger will book it.
type Left struct {
	Units          int64
	UnitPrice      money.Won
	CommissionBP   money.BasisPoints
	ledger.Earning // when every member takes one
	// Less is by how much less it is at most, when members take several.
	Less money.Won
}

// Taken is the commission with its tax.
func (l Left) Taken() money.Won { return earned.Taken(l.Earning) }

// LeftOf reckons what an offer leaves at its least and largest quantity and at each of its price steps; announced is
// the quantity that is compared. What the gateway costs is the operator's (R18) and takes nothing from it.
func LeftOf(o bid.Offer, announced int64, t bid.Terms) []Left {
	if o.UnitPrice <= 0 {
		return nil
	}
	var out []Left
	for _, units := range o.Tiers(announced) {
		l := Left{Units: units, UnitPrice: o.PriceAt(units), CommissionBP: t.CommissionBP}
		l.Earning, l.Less = earned.Shares(l.UnitPrice, units, t.CommissionBP)
		out = append(out, l)
	}
	return out
}

// TermsAt are those that stand by a bid made at an instant.
func TermsAt(now time.Time) bid.Terms {
	set := policy.At(now)
	return bid.Terms{CommissionBP: set.Commission.DefaultBP, PolicyID: set.ID}
}
