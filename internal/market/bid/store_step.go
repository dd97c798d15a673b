package bid

import (
	"context"
	"slices"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Change is an auction before and after a step, with the bid that the step was about.
type Change struct {
	Before Auction
	After  Auction
	Bid    Bid
}

// NewLowest reports that another bid is the lowest than before, or none is.
func (c Change) NewLowest() bool { return c.Before.Lowest != c.After.Lowest }

// Start opens a planned auction: offers that came before count at once.
func Start(ctx context.Context, tx *db.Tx, w Window) (Auction, error) {
	if err := w.check(); err != nil {
		return Auction{}, err
	}
	was, err := Find(ctx, tx, w.WishID)
	if err != nil {
		return was, err
	}
	is, err := was.Next(ActOpen, ByClock)
	if err != nil {
		return was, err
	}
	is.OpensAt, is.ClosesAt = w.OpensAt, w.ClosesAt
	return resize(ctx, tx, was, is, w.Quantity)
}

// resize saves an auction with the quantity for which its standing bids are compared.
func resize(ctx context.Context, tx *db.Tx, was, is Auction, quantity int64) (Auction, error) {
	is.Quantity = quantity
	bids, err := standing(ctx, tx, was.WishID)
	if err != nil {
		return was, err
	}
	return Save(ctx, tx, was, is.Counted(bids))
}

// Reopen plans another round of an auction that nobody won: offers may come at once. Sellers bid anew: their older bids
// have lapsed. The order of arrival and the chain of commitments go on.
func Reopen(ctx context.Context, tx *db.Tx, id market.WishID, quantity int64) (Auction, error) {
	was, err := Find(ctx, tx, id)
	if err != nil {
		return was, err
	}
	is, err := was.Next(ActReopen, ByClock)
	if err != nil {
		return was, err
	}
	return resize(ctx, tx, was, is.anew(), quantity)
}

// Resize changes for how many units the offers of an auction are compared that has not opened yet.
func Resize(ctx context.Context, tx *db.Tx, id market.WishID, quantity int64) (Auction, error) {
	was, err := Find(ctx, tx, id)
	if err != nil {
		return was, err
	}
	if !was.In(Planned) {
		return was, ErrState.With("State", string(was.State), "Action", "resize")
	}
	return resize(ctx, tx, was, was, quantity)
}

// Close ends the bidding after its last instant; a sealed auction is to be revealed next.
func Close(ctx context.Context, tx *db.Tx, id market.WishID) (Auction, error) {
	was, err := Find(ctx, tx, id)
	if err != nil {
		return was, err
	}
	action := ActClose
	if was.Kind == Sealed {
		action = ActLock
	}
	is, err := was.Next(action, ByClock)
	if err != nil {
		return was, err
	}
	if !was.Over(Instant(tx)) {
		return was, ErrRunning.With("Until", was.ClosesAt)
	}
	is.ClosedAt = Instant(tx)
	return Save(ctx, tx, was, is)
}

// Withdraw takes a bid back before the close; the next one is the lowest.
func Withdraw(
	ctx context.Context, tx *db.Tx, wish market.WishID, id market.BidID, who market.MerchantID,
) (Change, error) {
	c, bids, err := find(ctx, tx, wish, id)
	if err != nil {
		return c, err
	}
	if c.Bid.MerchantID != who {
		return c, ErrNotFound
	}
	if c.Before.TakesBids(Instant(tx)) != nil {
		return c, ErrTooLate
	}
	if c.Bid, err = c.Bid.Next(ActWithdraw, BySeller, Instant(tx)); err != nil {
		return c, err
	}
	if c.After, err = saveBids(ctx, tx, c.Before, c.Before.Counted(without(bids, id))); err != nil {
		return c, err
	}
	return c, Move(ctx, tx, Standing, []Bid{c.Bid})
}

// Disqualify takes a standing bid out by the operator's hand, with a reason that everybody reads.
func Disqualify(
	ctx context.Context, tx *db.Tx, wish market.WishID, id market.BidID, reason string,
) (Change, error) {
	if err := CheckReason(reason); err != nil {
		return Change{}, err
	}
	c, bids, err := find(ctx, tx, wish, id)
	if err != nil {
		return c, err
	}
	if c.Bid, err = c.Bid.Next(ActDisqualify, ByOperator, Instant(tx)); err != nil {
		return c, err
	}
	c.Bid.Reason, c.Bid.Outcome, c.Bid.Place = strings.TrimSpace(reason), ReasonOperator, 0
	if c.After, err = Save(ctx, tx, c.Before, c.Before.Counted(without(bids, id))); err != nil {
		return c, err
	}
	return c, Move(ctx, tx, Standing, []Bid{c.Bid})
}

// find reads an auction, one bid of it, and those that stand.
func find(ctx context.Context, q db.Querier, wish market.WishID, id market.BidID) (Change, []Bid, error) {
	var c Change
	var err error
	if c.Before, err = Find(ctx, q, wish); err != nil {
		return c, nil, err
	}
	if c.Bid, err = FindBid(ctx, q, id); err != nil {
		return c, nil, err
	}
	if c.Bid.WishID != wish {
		return c, nil, ErrNotFound
	}
	bids, err := standing(ctx, q, wish)
	return c, bids, err
}

func without(bids []Bid, id market.BidID) []Bid {
	return slices.DeleteFunc(bids, func(b Bid) bool { return b.ID == id })
}

// Confirm notes that the winner stands to its offer.
func Confirm(
	ctx context.Context, tx *db.Tx, wish market.WishID, id market.BidID, who market.MerchantID,
) (Auction, error) {
	c, _, err := find(ctx, tx, wish, id)
	if err != nil {
		return c.Before, err
	}
	if c.Bid.MerchantID != who {
		return c.Before, ErrNotFound
	}
	if !c.Bid.Won() || c.Before.State != Awarded {
		return c.Before, ErrState.With("State", string(c.Bid.State), "Action", "confirm")
	}
	// The auction first, so that it cannot pass to the next one meanwhile.
	after, err := Save(ctx, tx, c.Before, c.Before)
	if err != nil {
		return after, err
	}
	_, err = db.Exec(ctx, tx, `UPDATE bid SET confirmed_at = $2 WHERE id = $1 AND state = 'winner'
 AND confirmed_at IS NULL`, string(id), db.Micros(tx.Now()))
	return after, err
}

// Finish ends an awarded auction whose winner goes ahead: the others are free.
func Finish(ctx context.Context, tx *db.Tx, id market.WishID) (Auction, error) {
	return release(ctx, tx, id, func(a Auction) (Auction, error) { return a.Next(ActFinish, ByClock) })
}

// Cancel ends an auction without a winner, at any time before it is done: all sellers are free.
func Cancel(ctx context.Context, tx *db.Tx, id market.WishID, by By, reason string) (Auction, error) {
	return release(ctx, tx, id, func(a Auction) (Auction, error) { return a.Voided(by, reason) })
}

// release ends an auction and lets the bids go that bind their sellers still; in the end the winner keeps its word.
func release(
	ctx context.Context, tx *db.Tx, id market.WishID, end func(Auction) (Auction, error),
) (Auction, error) {
	was, err := Find(ctx, tx, id)
	if err != nil {
		return was, err
	}
	is, err := end(was)
	if err != nil {
		return was, err
	}
	bids, err := standing(ctx, tx, id)
	if err != nil {
		return was, err
	}
	bids, lapsed, err := lapse(is, bids, tx)
	if err != nil {
		return was, err
	}
	if is, err = Save(ctx, tx, was, is.Counted(bids)); err != nil {
		return was, err
	}
	return is, moveAll(ctx, tx, lapsed)
}

// Shifts are bids on their way by the state they were in.
type Shifts map[BidState][]Bid

// lapse ends the bids of an auction, but for the winner of one that is done.
func lapse(a Auction, bids []Bid, tx *db.Tx) ([]Bid, Shifts, error) {
	out, moves := slices.Clone(bids), Shifts{}
	for i, b := range out {
		if b.Won() && a.State == Done || !b.Won() && !b.Stands() {
			continue
		}
		ended, err := b.Next(ActLapse, ByClock, Instant(tx))
		if err != nil {
			return nil, nil, err
		}
		out[i] = ended
		moves[b.State] = append(moves[b.State], ended)
	}
	return out, moves, nil
}

func moveAll(ctx context.Context, tx *db.Tx, moves Shifts) error {
	for _, was := range []BidState{Standing, Winner} {
		if err := Move(ctx, tx, was, moves[was]); err != nil {
			return err
		}
	}
	return nil
}
