package round

import (
	"cmp"
	"context"
	"slices"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/wanted/stage"
)

// Offer is one of a round that came to nothing.
type Offer struct {
	Bid      bid.Bid
	Seller   merchant.Merchant
	Quantity int64 // for which its round compared offers
}

// Offers gives what the bids of a wish offered in the rounds that came to nothing, the newest round and the lowest
// price first: those that were told, and that their sellers left to the end.
func Offers(ctx context.Context, q db.Querier, pasts []wish.Past, bids []bid.Bid) ([]Offer, error) {
	var out []Offer
	var ids []market.MerchantID
	for _, p := range pasts {
		for _, b := range bid.InRound(bids, p.Round) {
			if b.Shown() && b.State != bid.Withdrawn && b.State != bid.Replaced {
				out = append(out, Offer{Bid: b, Quantity: max(p.Threshold, b.Offer.QuantityMin)})
				ids = append(ids, b.MerchantID)
			}
		}
	}
	list, err := merchant.ListByIDs(ctx, q, ids)
	if err != nil {
		return nil, err
	}
	for _, m := range list {
		for i := range out {
			if out[i].Bid.MerchantID == m.ID {
				out[i].Seller = m
			}
		}
	}
	slices.SortStableFunc(out, func(a, b Offer) int {
		if a.Bid.Round != b.Bid.Round {
			return cmp.Compare(b.Bid.Round, a.Bid.Round)
		}
		return cmp.Compare(a.price(), b.price())
	})
	return out, nil
}

func (o Offer) price() int64 { return o.Bid.Offer.PriceAt(o.Quantity) }

func (o Offer) seller(loc ui.Loc) string { return stage.Seller(loc, o.Seller) }
func (o Offer) href() string             { return stage.SellerHref(o.Seller) }

// sub is the round and what became of the offer; that the round is over is not worth a word.
func (o Offer) sub(loc ui.Loc) string {
	text := loc.T("wanted.round.offer_sub", "Round", o.Bid.Round, "Count", o.Quantity)
	if why := o.Bid.Outcome; why == "" || why == bid.ReasonLowest || why == bid.ReasonLapsed {
		return text
	}
	return text + " · " + loc.T("bid.outcome."+string(o.Bid.Outcome))
}
