package award

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/bid/voice"
)

// Decide awards a closed auction, counting the votes that are kept: f brings everything else. When nobody can win the
// auction is void.
func Decide(ctx context.Context, tx *db.Tx, id market.WishID, by bid.By, f Facts) (bid.Auction, Order, error) {
	was, err := bid.Find(ctx, tx, id)
	if err != nil {
		return was, Order{}, err
	}
	is, err := was.Next(bid.ActAward, by)
	if err != nil {
		return was, Order{}, err
	}
	bids, err := running(ctx, tx, was)
	if err != nil {
		return was, Order{}, err
	}
	if f.Tallies, err = voice.Tallies(ctx, tx, id); err != nil {
		return was, Order{}, err
	}
	return settle(ctx, tx, awarding{was, is, bids, bid.Shifts{}}, f)
}

// running reads the bids of an auction's present round: those of an earlier one have had their award.
func running(ctx context.Context, tx *db.Tx, a bid.Auction) ([]bid.Bid, error) {
	all, err := bid.Bids(ctx, tx, a.WishID)
	return bid.InRound(all, a.Round), err
}

// Pass takes a winner out that does not go through and asks the next one in the order; f says how many firm members
// there are now. When nobody is left the auction is void.
func Pass(ctx context.Context, tx *db.Tx, id market.WishID, failed Failure, f Facts) (bid.Auction, Order, error) {
	was, err := bid.Find(ctx, tx, id)
	if err != nil {
		return was, Order{}, err
	}
	is, err := was.Next(bid.ActPass, failed.By)
	if err != nil {
		return was, Order{}, err
	}
	if was.Winner != failed.Bid {
		return was, Order{}, bid.ErrState.With("State", string(was.State), "Action", string(bid.ActPass))
	}
	bids, err := running(ctx, tx, was)
	if err != nil {
		return was, Order{}, err
	}
	moves := bid.Shifts{}
	for i, b := range bids {
		if b.ID != was.Winner {
			continue
		}
		if bids[i], err = b.Next(bid.ActFail, failed.By, bid.Instant(tx)); err != nil {
			return was, Order{}, err
		}
		bids[i].Reason, bids[i].Outcome, bids[i].Place = failed.Reason, bid.ReasonFailed, 0
		moves[bid.Winner] = []bid.Bid{bids[i]}
	}
	return settle(ctx, tx, awarding{was, is, bids, moves}, f)
}

// Failure is a winner that does not go through.
type Failure struct {
	Bid    market.BidID
	By     bid.By
	Reason string // a code or public words
}

// awarding is an auction on its way to a winner.
type awarding struct {
	was, is bid.Auction
	bids    []bid.Bid
	moves   bid.Shifts // what was decided before
}

// settle finds the winner and writes for every bid why it won or did not.
func settle(ctx context.Context, tx *db.Tx, w awarding, f Facts) (bid.Auction, Order, error) {
	f.Now = bid.Instant(tx)
	order := Rank(w.was, w.bids, f)
	is := w.is
	is.Firm, is.AwardedAt, is.Winner = f.Firm, f.Now, ""
	if first, ok := order.Winner(); ok {
		is.Winner = first.Bid.ID
	}
	after := make([]bid.Bid, 0, len(order.Lines))
	for i, l := range order.Lines {
		b, err := l.outcome(is, f)
		if err != nil {
			return w.was, order, err
		}
		if l.Bid.Stands() {
			w.moves[bid.Standing] = append(w.moves[bid.Standing], b)
		}
		order.Lines[i].Bid = b
		after = append(after, b)
	}
	if is.Winner == "" {
		var err error
		if is, err = w.was.Voided(bid.ByClock, noWinner(w.bids)); err != nil {
			return w.was, order, err
		}
		is.Firm = f.Firm
	}
	is, err := bid.Save(ctx, tx, w.was, is.Counted(after))
	if err != nil {
		return w.was, order, err
	}
	// The one that failed first: no two winners at any instant.
	if err := bid.Move(ctx, tx, bid.Winner, w.moves[bid.Winner]); err != nil {
		return w.was, order, err
	}
	return is, order, bid.Move(ctx, tx, bid.Standing, w.moves[bid.Standing])
}

// outcome is the bid of a line after the award. Without a winner nobody is bound any more.
func (l Line) outcome(a bid.Auction, f Facts) (bid.Bid, error) {
	b, err := l.Bid, error(nil)
	if !b.Stands() {
		return b, nil
	}
	switch {
	case l.Place == 1:
		b, err = b.Next(bid.ActWin, bid.ByClock, f.Now)
	case l.Reason == bid.ReasonVoted:
		b, err = b.Next(bid.ActDisqualify, bid.ByMembers, f.Now)
	case a.Winner == "":
		b, err = b.Next(bid.ActLapse, bid.ByClock, f.Now)
	}
	b.Place, b.Outcome, b.Reason = l.Place, l.Reason, l.Detail
	return b, err
}

// noWinner tells an auction in which nobody stood to a bid from one in which something spoke against all of them.
func noWinner(bids []bid.Bid) string {
	for _, b := range bids {
		switch b.State {
		case bid.Standing, bid.Disqualified, bid.Failed, bid.Winner:
			return bid.VoidNoneFit
		case bid.Replaced, bid.Withdrawn, bid.Lapsed:
		}
	}
	return bid.VoidNoBid
}
