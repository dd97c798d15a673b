package fund

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/again"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// failing is how a seller does not go through, in words that everybody reads.
type failing struct {
	by  collect.By
	why string
}

// next takes a seller out and asks the next one in the order of offers; members pay in another round.
func (f *Fund) next(ctx context.Context, tx *db.Tx, w wish.Wish, c collect.Collect, x failing) error {
	s, err := f.seating(ctx, tx, w)
	if err != nil {
		return err
	}
	s.was = &c
	a, err := bid.Find(ctx, tx, w.ID)
	if err != nil {
		return err
	}
	if a, err = s.pass(ctx, a, bid.By(x.by), x.why); err != nil {
		return err
	}
	return s.seat(ctx, a, x.by)
}

// nobodyPaid ends a wish for whose offer not one member has paid.
func (f *Fund) nobodyPaid(ctx context.Context, tx *db.Tx, w wish.Wish, c collect.Collect) error {
	s, err := f.seating(ctx, tx, w)
	if err != nil {
		return err
	}
	s.was = &c
	if _, err := bid.Cancel(ctx, tx, w.ID, bid.ByClock, bid.VoidNoneFit); err != nil {
		return err
	}
	return s.nobody(ctx, collect.ByClock, collect.OutcomeNobody)
}

// nobody ends the paying of a wish that no seller serves: every share goes back, and then the wish gathers on, or ends.
func (s *seating) nobody(ctx context.Context, by collect.By, outcome string) error {
	if s.was == nil { // nobody was asked to pay in this round
		return s.over(ctx, s.tx, s.wish)
	}
	return s.stop(ctx, s.tx, *s.was, stopping{by, outcome, s.units})
}

// stopping is how paying ends without a seller.
type stopping struct {
	by      collect.By
	outcome string
	units   int64
}

// stop ends paying: whoever has an open order gives it up, and every share goes back.
func (f *Fund) stop(ctx context.Context, tx *db.Tx, c collect.Collect, x stopping) error {
	over, err := c.Ended(collect.ActFail, x.by, x.outcome, tx.Now())
	if err != nil {
		return err
	}
	if err := collect.Save(ctx, tx, c, over); err != nil {
		return err
	}
	if err := collect.Drop(ctx, tx, c.WishID); err != nil {
		return err
	}
	if err := escrow.Cancel(ctx, tx, c.WishID); err != nil {
		return err
	}
	tx.Emit(event.Of(event.FundEnded{WishID: c.WishID, BidID: c.BidID, MerchantID: c.MerchantID, Outcome: x.outcome,
		Units: x.units}, db.Micros(tx.Now())))
	later(tx, c, event.JobFundEmpty, "", tx.Now())
	touch(tx, c.WishID, c.MerchantID)
	return nil
}

// Stop ends the paying for a wish that is taken down, in that step's transaction: everybody is paid back. Where nobody
// pays now there is nothing to do.
func (f *Fund) Stop(ctx context.Context, tx *db.Tx, id market.WishID) error {
	c, err := collect.Find(ctx, tx, id)
	if errors.Is(err, collect.ErrNotFound) || err == nil && !c.Live() {
		return nil
	}
	if err != nil {
		return err
	}
	units, err := escrow.HeldUnits(ctx, tx, id)
	if err != nil {
		return err
	}
	return f.stop(ctx, tx, c, stopping{collect.ByOperator, collect.OutcomeStopped, units})
}

// Empty pays everybody back whose wish nobody serves, a chunk a transaction; when the last share has ended the wish
// gathers on, or ends.
func (f *Fund) Empty(ctx context.Context, job event.FundJob) error {
	for {
		var n int
		err := f.write(ctx, func(tx *db.Tx) error {
			ends, err := escrow.Empty(ctx, tx, job.WishID, rules(tx.Now()), chunk)
			if n = len(ends); err != nil || n == 0 {
				return err
			}
			return f.Outcome.Post(ctx, tx, ends)
		})
		if err != nil {
			return err
		}
		if n < chunk {
			return f.write(ctx, func(tx *db.Tx) error { return f.emptied(ctx, tx, job) })
		}
	}
}

// ErrNotEmpty tells that a void escrow has a share that has not ended: it is looked at again.
var ErrNotEmpty = fail.New(fail.Unavailable, "fund.not_empty")

// emptied moves a wish on whose paying came to nothing, when everybody is paid back.
func (f *Fund) emptied(ctx context.Context, tx *db.Tx, job event.FundJob) error {
	w, err := wish.Find(ctx, tx, job.WishID)
	if err != nil || !w.Pays() {
		return err
	}
	c, err := collect.Find(ctx, tx, job.WishID)
	if err != nil || !c.Failed() || c.Round != job.Round {
		return err
	}
	ended, err := again.End(ctx, tx, job.WishID)
	if err != nil {
		return err
	}
	if !ended {
		return ErrNotEmpty
	}
	return f.over(ctx, tx, w)
}

// over lets a wish gather on that no seller serves, or ends it.
func (f *Fund) over(ctx context.Context, tx *db.Tx, w wish.Wish) error {
	if on, err := f.Again(ctx, tx, w, wish.OutcomeTooFew); err != nil || on {
		return err
	}
	to, ok, err := wish.End(ctx, tx, w, wish.Ending{Action: wish.ActTooFew, By: wish.ByClock,
		Outcome: wish.OutcomeTooFew})
	if err := moved(to, ok, err); err != nil {
		return err
	}
	tx.Emit(event.Of(event.WishEnded{WishID: w.ID, State: string(to), Outcome: wish.OutcomeTooFew, Round: w.Round},
		w.Version+1))
	tx.Touch("wish:"+string(w.ID), db.Micros(tx.Now()))
	return nil
}
