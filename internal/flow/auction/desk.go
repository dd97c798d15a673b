package auction

import (
	"context"
	"errors"
	"slices"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/voice"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// Desk is a wish and its auction as one seller stands before them.
type Desk struct {
	Wish     wish.Wish
	Auction  bid.Auction
	Bidder   bid.Bidder
	PriceMax money.Won // the highest price a unit of the next open bid for the announced quantity
	Undercut money.Won // by how much that is below the lowest
	Rules    bid.Rules
	Own      bid.Bid // the seller's standing bid or the winner's, with its terms though it is sealed
	HasOwn   bool
	Place    int64     // of the own bid among those shown, from 1; 0 while nobody may know
	Seal     bid.Seal  // of the own bid, as it was committed to
	Terms    bid.Terms // of an offer made now
	OwnLeft  []Left    // what the own bid leaves, by the terms of the day on which it was made
	Words    []voice.Word
}

// wordsMax is how many questions and answers a desk shows.
const wordsMax = 200

// Desk reads all that a seller needs to offer on a wish: nothing that is sealed but its own.
func (a *Auction) Desk(ctx context.Context, actor market.Actor, id market.WishID, seller market.MerchantID,
) (Desk, error) {
	var d Desk
	if err := right.Check(actor, right.BidPlace, right.Of(seller)); err != nil {
		return d, err
	}
	err := a.db.Read(ctx, func(q *db.ReadTx) (err error) {
		now := a.db.Clock().Now()
		d = Desk{Rules: rules(now), Terms: TermsAt(now)}
		if d.Wish, err = wish.Find(ctx, q, id); err != nil {
			return err
		}
		if d.Auction, err = bid.Find(ctx, q, id); err != nil {
			return err
		}
		d.PriceMax, d.Undercut = d.Auction.PriceMax(d.Rules), d.Auction.Undercut(d.Rules)
		known, err := bidders(ctx, q, id, []market.MerchantID{seller})
		if err != nil {
			return err
		}
		d.Bidder = known[seller]
		return d.own(ctx, q, seller)
	})
	return d, err
}

// own adds the seller's own bid: its place, its questions, and its terms, which nobody else sees while they are sealed.
func (d *Desk) own(ctx context.Context, q db.Querier, seller market.MerchantID) error {
	id := d.Wish.ID
	mine, err := bid.Standings(ctx, q, seller, []market.WishID{id})
	if err != nil {
		return err
	}
	if d.Own, d.HasOwn = mine[id]; !d.HasOwn {
		return nil
	}
	if d.Own.Commitment != "" {
		if d.Seal, err = bid.OwnSeal(ctx, q, d.Own.ID, seller); err != nil {
			return err
		}
		d.Own = d.Own.Opened(d.Seal)
	}
	if d.Auction.Shown() {
		all, err := bid.Bids(ctx, q, id)
		if err != nil {
			return err
		}
		ranked := bid.Rank(all, d.Auction.Compared())
		d.Place = int64(slices.IndexFunc(ranked, func(b bid.Bid) bool { return b.ID == d.Own.ID }) + 1)
	}
	terms, err := bid.TermsOf(ctx, q, d.Own.ID, d.Terms)
	if err != nil {
		return err
	}
	d.OwnLeft = LeftOf(d.Own.Offer, d.Auction.Compared(), terms)
	d.Words, err = voice.Words(ctx, q, d.Own.ID, wordsMax)
	return err
}

// Trial is what would become of an offer now: the refusal, or the place it would take.
type Trial struct {
	Offer   bid.Offer
	Deposit money.Won
	Price   money.Won // a unit, at the quantity that is compared; 0 when the offer does not cover that
	Sum     money.Won // of all these units
	Lowest  bool      // it would be the lowest of those shown
	Refusal error
}

// Try weighs an offer without making it.
func (a *Auction) Try(ctx context.Context, cmd PlaceCmd) (Trial, error) {
	if err := right.Check(cmd.Actor, right.BidPlace, right.Of(cmd.MerchantID)); err != nil {
		return Trial{}, err
	}
	var t Trial
	err := a.db.Read(ctx, func(q *db.ReadTx) error {
		now := a.db.Clock().Now()
		known, err := bidders(ctx, q, cmd.WishID, []market.MerchantID{cmd.MerchantID})
		if err != nil {
			return err
		}
		taken, is, err := bid.Try(ctx, q, bid.Trial{WishID: cmd.WishID, Rules: rules(now), Now: now, Command: bid.Command{
			MerchantID: cmd.MerchantID, Bidder: known[cmd.MerchantID], Offer: cmd.Offer}})
		t = Trial{Offer: taken.Offer, Deposit: taken.Bid.Deposit + taken.Seal.Deposit, Refusal: err,
			Lowest: err == nil && is.Lowest != "" && is.Lowest == taken.Bid.ID}
		if errors.Is(err, bid.ErrDeposit) {
			t.Deposit = rules(now).DepositFor(cmd.Offer)
		}
		if is.WishID != "" && taken.Offer.Covers(is.Compared()) && err == nil {
			t.Price = taken.Offer.PriceAt(is.Compared())
			t.Sum = is.SumAt(t.Price)
		}
		if kind := fail.KindOf(err); kind == fail.Internal || kind == fail.NotFound {
			return err
		}
		return nil
	})
	return t, err
}
