package auction

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// Close ends the bidding on a wish when its last instant is over: what was sealed is shown, and members look at the
// bids until JobAuctionAward. A close that was moved, or is done, does nothing.
func (a *Auction) Close(ctx context.Context, id market.WishID) error {
	return a.db.Write(ctx, func(tx *db.Tx) error {
		is, err := bid.Find(ctx, tx, id)
		if err != nil || !is.Over(bid.Instant(tx)) {
			return err
		}
		if is, err = bid.Close(ctx, tx, id); err != nil {
			return err
		}
		if is, err = reveal(ctx, tx, is); err != nil {
			return err
		}
		one, err := wish.Find(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := moved(wish.Pass(ctx, tx, one, wish.ActCloseBid, wish.ByClock)); err != nil {
			return err
		}
		tx.Emit(event.Of(event.WishMoved{WishID: id, State: string(wish.Choosing), Round: one.Round}, one.Version+1))
		tx.Enqueue(db.Job{Kind: event.JobAuctionAward, Key: is.CloseKey(), Payload: event.WishJob{WishID: id},
			Due: choosingEnds(is.ClosedAt)})
		tx.Touch("wish:"+string(id), db.Micros(tx.Now()))
		return nil
	})
}

// reveal shows what was sealed; an open auction has nothing to show.
func reveal(ctx context.Context, tx *db.Tx, is bid.Auction) (bid.Auction, error) {
	if !is.In(bid.Revealing) {
		return is, nil
	}
	shown, broken, err := bid.Reveal(ctx, tx, is.WishID)
	for _, b := range broken {
		ended(tx, bid.Change{After: shown, Bid: b})
	}
	return shown, err
}
