package auction

import (
	"context"
	"slices"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/award"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// Award decides who wins when members have had their time: the lowest bid that nothing speaks against, for the firm
// members there are now. When nobody can win the wish gathers on, or is over; nobody was charged. An auction that is
// decided, or is not closed, stays as it is.
func (a *Auction) Award(ctx context.Context, id market.WishID) error {
	return a.db.Write(ctx, func(tx *db.Tx) error {
		is, err := bid.Find(ctx, tx, id)
		if err != nil || !is.In(bid.Closed) {
			return err
		}
		one, err := wish.Find(ctx, tx, id)
		if err != nil {
			return err
		}
		facts, err := factsOf(ctx, tx, one)
		if err != nil {
			return err
		}
		_, order, err := award.Decide(ctx, tx, id, bid.ByClock, facts)
		if err != nil {
			return err
		}
		tx.Touch("wish:"+string(id), db.Micros(tx.Now()))
		return a.settle(ctx, tx, one, order)
	})
}

// factsOf are the crowd and every seller, as an award needs them.
func factsOf(ctx context.Context, tx *db.Tx, one wish.Wish) (award.Facts, error) {
	bids, err := bid.Bids(ctx, tx, one.ID)
	if err != nil {
		return award.Facts{}, err
	}
	var sellers []market.MerchantID
	for _, b := range bids {
		sellers = append(sellers, b.MerchantID)
	}
	slices.Sort(sellers)
	known, err := bidders(ctx, tx, one.ID, slices.Compact(sellers))
	return award.Facts{Firm: one.Firm, Bidders: known, Rules: rules(tx.Now()), Now: tx.Now()}, err
}

// settle moves the wish on with its winner, or lets it gather on or end without one.
func (a *Auction) settle(ctx context.Context, tx *db.Tx, one wish.Wish, order award.Order) error {
	first, won := order.Winner()
	if !won {
		return a.fruitless(ctx, tx, one)
	}
	if err := moved(wish.Pass(ctx, tx, one, wish.ActAward, wish.ByClock)); err != nil {
		return err
	}
	tx.Enqueue(db.Job{Kind: event.JobFundOpen, Key: one.RoundKey(), Payload: event.WishJob{WishID: one.ID}})
	tx.Emit(event.Of(event.AuctionAwarded{WishID: one.ID, BidID: first.Bid.ID, MerchantID: first.Bid.MerchantID,
		UnitPrice: first.Price, Firm: one.Firm, Round: one.Round}, one.Version+1))
	return nil
}

// fruitless lets a wish gather on for which no offer stands, or ends it.
func (a *Auction) fruitless(ctx context.Context, tx *db.Tx, one wish.Wish) error {
	if on, err := a.again(ctx, tx, one, wish.OutcomeNoBid); err != nil || on {
		return err
	}
	to, ok, err := wish.End(ctx, tx, one, wish.Ending{Action: wish.ActNoBid, By: wish.ByClock,
		Outcome: wish.OutcomeNoBid})
	if err := moved(to, ok, err); err != nil {
		return err
	}
	tx.Emit(event.Of(event.WishEnded{WishID: one.ID, State: string(to), Outcome: wish.OutcomeNoBid, Round: one.Round},
		one.Version+1))
	return nil
}
