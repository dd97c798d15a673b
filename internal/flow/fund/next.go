package fund

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/escrow"
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

// nobody ends a wish that no seller serves: every share goes back.
func (s *seating) nobody(ctx context.Context, by collect.By, outcome string) error {
	to, ok, err := wish.End(ctx, s.tx, s.wish, wish.Ending{Action: wish.ActTooFew, By: wish.By(by),
		Outcome: wish.OutcomeTooFew})
	if err := moved(to, ok, err); err != nil {
		return err
	}
	s.tx.Emit(event.Of(event.WishEnded{WishID: s.wish.ID, State: string(to), Outcome: wish.OutcomeTooFew},
		s.wish.Version+1))
	s.tx.Touch("wish:"+string(s.wish.ID), db.Micros(s.tx.Now()))
	if s.was == nil {
		return nil
	}
	over, err := s.was.Ended(collect.ActFail, by, outcome, s.tx.Now())
	if err != nil {
		return err
	}
	if err := collect.Save(ctx, s.tx, *s.was, over); err != nil {
		return err
	}
	if err := collect.Drop(ctx, s.tx, s.wish.ID); err != nil {
		return err
	}
	if err := escrow.Cancel(ctx, s.tx, s.wish.ID); err != nil {
		return err
	}
	s.tx.Emit(event.Of(event.FundEnded{WishID: s.wish.ID, BidID: s.was.BidID, MerchantID: s.was.MerchantID,
		Outcome: outcome, Units: s.units}, db.Micros(s.tx.Now())))
	later(s.tx, *s.was, event.JobFundEmpty, "", s.tx.Now())
	touch(s.tx, s.wish.ID, s.was.MerchantID)
	return nil
}

// Empty pays everybody back whose wish nobody serves, a chunk a transaction.
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
		if err != nil || n < chunk {
			return ignore(err, escrow.ErrNotFound)
		}
	}
}

// ignore takes one refusal for done.
func ignore(err, done error) error {
	if errors.Is(err, done) {
		return nil
	}
	return err
}
