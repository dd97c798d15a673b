package bid

import (
	"context"
	"maps"
	"slices"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Try decides a bid as Place would at this instant and writes nothing, so that a form can say beforehand what would
// become of it. It answers the auction as it would then be.
func Try(ctx context.Context, q db.Querier, t Trial) (Taken, Auction, error) {
	round, err := loadRound(ctx, q, t.WishID, []Command{t.Command})
	if err != nil {
		return Taken{}, Auction{}, err
	}
	taken, err := round.Take(t.Command, Fresh{ID: trialID}, t.Rules, t.Now)
	return taken, round.Auction, err
}

// trialID names a bid that is not made.
const trialID market.BidID = "bid_trial"

// Standings are the standing bid of a seller in each of several auctions; one without is missing in the answer.
func Standings(ctx context.Context, q db.Querier, who market.MerchantID, ids []market.WishID,
) (map[market.WishID]Bid, error) {
	bids, err := db.ByIDsOf(ctx, q, scanBid, db.Bound{Text: `SELECT ` + bidColumns + ` FROM bid WHERE merchant_id = $1
 AND state IN ('standing', 'winner') AND wish_id IN {ids}`, Args: []any{string(who)}}, ids)
	if err != nil {
		return nil, err
	}
	out := make(map[market.WishID]Bid, len(bids))
	for _, b := range bids {
		out[b.WishID] = b
	}
	stepped, err := stepped(ctx, q, slices.Collect(maps.Values(out)))
	for _, b := range stepped {
		out[b.WishID] = b
	}
	return out, err
}
