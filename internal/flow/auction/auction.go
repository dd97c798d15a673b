package auction

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// Auction runs the journey.
type Auction struct {
	db      *db.DB
	again   Again
	placing *lane.Step[PlaceCmd, bid.Taken]
}

// Again lets a wish gather on whose offers came to nothing, for an outcome; false leaves it to end.
type Again func(ctx context.Context, tx *db.Tx, one wish.Wish, outcome string) (bool, error)

// New registers its step with the lanes.
func New(d *db.DB, lanes *lane.Lane, again Again) *Auction {
	a := &Auction{db: d, again: again}
	a.placing = lane.Register(lanes, "auction.place", a.PlaceBatch)
	return a
}

// ErrChanged asks to look again: the wish moved meanwhile.
var ErrChanged = fail.New(fail.Conflict, "wish.changed")

// rules are the figures of policy at an instant.
func rules(now time.Time) bid.Rules {
	w := policy.At(now).Wanted
	return bid.Rules{StepBP: w.Bid.StepBP, ExtendTime: time.Duration(w.Bid.ExtendMinutes) * time.Minute,
		ExtensionsMax: w.Bid.ExtendsMax, OutlierBP: w.Bid.OutlierBP, QuorumPart: w.Filter.QuorumPart,
		FlagsPart: w.Filter.FlagsPart, DepositBP: w.Bid.DepositBP, DepositMin: w.Bid.DepositMin,
		DepositMax: w.Bid.DepositMax, DepositFree: w.Bid.DepositFree}
}

// choosingEnds is when members have had their time to look at the bids.
func choosingEnds(closed time.Time) time.Time {
	return closed.Add(time.Duration(policy.At(closed).Wanted.Filter.Hours) * time.Hour)
}

// bidders are the sellers as the rules of bids see them.
func bidders(ctx context.Context, q db.Querier, id market.WishID, sellers []market.MerchantID,
) (map[market.MerchantID]bid.Bidder, error) {
	known, err := catalog.Bidders(ctx, q, id, sellers)
	out := make(map[market.MerchantID]bid.Bidder, len(known))
	for seller, k := range known {
		out[seller] = bid.Bidder{Registered: k.Registered, Verified: k.Verified, Member: k.Member, Deposit: k.Deposit}
	}
	return out, err
}

// moved turns a wish that another step has moved meanwhile into "look again".
func moved(_ wish.State, ok bool, err error) error {
	if err == nil && !ok {
		return ErrChanged
	}
	return err
}
