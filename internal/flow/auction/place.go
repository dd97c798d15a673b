package auction

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/lane"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/right"
)

// PlaceCmd is a bid of a seller. The same bid again is refused by the rules of the auction: nobody undercuts himself.
type PlaceCmd struct {
	Actor      market.Actor
	WishID     market.WishID
	MerchantID market.MerchantID
	Offer      bid.Offer
}

// Place bids.
func (a *Auction) Place(ctx context.Context, cmd PlaceCmd) (bid.Taken, error) {
	if err := right.Check(cmd.Actor, right.BidPlace, right.Of(cmd.MerchantID)); err != nil {
		return bid.Taken{}, err
	}
	if err := a.ownBranch(ctx, cmd); err != nil {
		return bid.Taken{}, err
	}
	return a.placing.Do(ctx, string(cmd.WishID), cmd)
}

// ownBranch refuses a branch that is not the seller's own, or is closed for good.
func (a *Auction) ownBranch(ctx context.Context, cmd PlaceCmd) error {
	if cmd.Offer.BranchID == "" {
		return nil
	}
	open, err := merchant.Branches(ctx, a.db, cmd.MerchantID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(open, func(b merchant.Branch) bool { return b.ID == cmd.Offer.BranchID }) {
		return bid.ErrBranch.On("branch")
	}
	return nil
}

// PlaceBatch decides a batch of bids, those of one wish in arrival order, and writes them together.
func (a *Auction) PlaceBatch(ctx context.Context, tx *db.Tx, cmds []PlaceCmd) ([]lane.Answer[bid.Taken], error) {
	answers := make([]lane.Answer[bid.Taken], len(cmds))
	for _, group := range byWish(cmds) {
		if err := a.placeIn(ctx, tx, cmds, group, answers); err != nil {
			return nil, err
		}
	}
	return answers, nil
}

// byWish gives the places of commands of the same wish, the wishes in the order of their ids: two batches that share
// wishes lock them in the same order.
func byWish(cmds []PlaceCmd) [][]int {
	all := make([]int, len(cmds))
	for i := range all {
		all[i] = i
	}
	slices.SortStableFunc(all, func(i, j int) int { return cmp.Compare(cmds[i].WishID, cmds[j].WishID) })
	return slices.Collect(func(yield func([]int) bool) {
		for start := 0; start < len(all); {
			end := start + 1
			for end < len(all) && cmds[all[end]].WishID == cmds[all[start]].WishID {
				end++
			}
			if !yield(all[start:end]) {
				return
			}
			start = end
		}
	})
}

func (a *Auction) placeIn(ctx context.Context, tx *db.Tx, cmds []PlaceCmd, group []int,
	answers []lane.Answer[bid.Taken],
) error {
	id := cmds[group[0]].WishID
	sellers := make([]market.MerchantID, len(group))
	for n, i := range group {
		sellers[n] = cmds[i].MerchantID
	}
	slices.Sort(sellers)
	known, err := bidders(ctx, tx, id, slices.Compact(sellers))
	if err != nil {
		return err
	}
	list := make([]bid.Command, len(group))
	for n, i := range group {
		list[n] = bid.Command{MerchantID: cmds[i].MerchantID, Bidder: known[cmds[i].MerchantID], Offer: cmds[i].Offer}
	}
	results, err := bid.Place(ctx, tx, id, rules(tx.Now()), list)
	if errors.Is(err, bid.ErrNoAuction) {
		for _, i := range group {
			answers[i].Err = err
		}
		return nil
	}
	if err != nil {
		return err
	}
	if err := stillDown(ctx, tx, id, results); err != nil {
		return err
	}
	for n, i := range group {
		answers[i] = lane.Answer[bid.Taken]{Value: results[n].Taken, Err: results[n].Err}
	}
	if err := bid.KeepTerms(ctx, tx, TermsAt(tx.Now()), results); err != nil {
		return err
	}
	return a.announce(ctx, tx, id, results)
}

// stillDown looks once more at what is down for the bids that ask for a deposit, now that the auction's row is ours: a
// return that came between the first look and the row is seen, and the batch is decided anew.
func stillDown(ctx context.Context, tx *db.Tx, id market.WishID, results []bid.Result) error {
	asked := map[market.MerchantID]money.Won{}
	for _, r := range results {
		if won := r.Bid.Deposit + r.Seal.Deposit; r.Err == nil && won > 0 {
			asked[r.Bid.MerchantID] = max(asked[r.Bid.MerchantID], won)
		}
	}
	if len(asked) == 0 {
		return nil
	}
	known, err := bidders(ctx, tx, id, slices.Sorted(maps.Keys(asked)))
	for seller, won := range asked {
		if err == nil && known[seller].MayBid(won) != nil {
			return db.ErrAgain
		}
	}
	return err
}

// announce tells of bids that were taken, and sees to a close that one of them may have moved.
func (a *Auction) announce(ctx context.Context, tx *db.Tx, id market.WishID, results []bid.Result) error {
	results = slices.DeleteFunc(slices.Clone(results), func(r bid.Result) bool { return r.Err != nil })
	if len(results) == 0 {
		return nil
	}
	is, err := bid.Find(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, r := range results {
		tell(tx, is, r.Taken)
	}
	tx.Touch("wish:"+string(id), db.Micros(tx.Now()))
	if due := is.DueAt(); !due.IsZero() { // under the same key it is there once
		tx.Enqueue(db.Job{Kind: event.JobAuctionClose, Key: is.CloseKey(), Payload: event.WishJob{WishID: id}, Due: due})
	}
	return nil
}

// tell says what everybody may know of a bid: of a sealed one, that it came.
func tell(tx *db.Tx, is bid.Auction, t bid.Taken) {
	e := event.BidPlaced{WishID: is.WishID, BidID: t.Bid.ID, Outbid: t.Outbid, Round: t.Bid.Round}
	if t.Bid.Commitment == "" {
		e.MerchantID, e.UnitPrice = t.Bid.MerchantID, t.Bid.Offer.UnitPrice
	}
	if t.Extended {
		e.ClosesAt = db.Micros(t.ClosesAt)
	}
	tx.Emit(event.Of(e, is.Version))
}

// WithdrawCmd takes a bid back before the close.
type WithdrawCmd struct {
	WishID     market.WishID
	BidID      market.BidID
	MerchantID market.MerchantID
}

// Withdraw takes a bid back; the next one is the lowest.
func (a *Auction) Withdraw(ctx context.Context, actor market.Actor, cmd WithdrawCmd) error {
	if err := right.Check(actor, right.BidWithdraw, right.Of(cmd.MerchantID)); err != nil {
		return err
	}
	return a.db.Write(ctx, func(tx *db.Tx) error {
		c, err := bid.Withdraw(ctx, tx, cmd.WishID, cmd.BidID, cmd.MerchantID)
		if err != nil {
			return err
		}
		ended(tx, c)
		return nil
	})
}

func ended(tx *db.Tx, c bid.Change) {
	tx.Emit(event.Of(event.BidEnded{WishID: c.After.WishID, BidID: c.Bid.ID, State: string(c.Bid.State)}, c.After.Version))
	tx.Touch("wish:"+string(c.After.WishID), db.Micros(tx.Now()))
}
