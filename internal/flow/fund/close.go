package fund

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/flow/fund/tell"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/collect"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/payment"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// ErrWait tells that the gateway is being asked about payments that began in time: the end waits for its answers.
var ErrWait = fail.New(fail.Unavailable, "fund.wait")

// Close ends the time to pay of a round: the seller begins when enough have paid, is asked when too few have, and when
// nobody has the wish is over. A round that is closed, or runs still, stays as it is.
func (f *Fund) Close(ctx context.Context, job event.FundJob) error {
	c, err := collect.Find(ctx, f.DB, job.WishID)
	if err != nil || !c.In(job.Round) || !c.Due(f.DB.Clock().Now()) {
		return err
	}
	busy, err := payment.CapturingWish(ctx, f.DB, job.WishID)
	if err != nil {
		return err
	}
	if now := f.DB.Clock().Now(); busy && c.Patient(times(now), now) {
		return ErrWait
	}
	if err := f.level(ctx, job.WishID); err != nil {
		return err
	}
	return f.write(ctx, func(tx *db.Tx) error {
		c, err := collect.Find(ctx, tx, job.WishID)
		if err != nil || !c.In(job.Round) || !c.Due(tx.Now()) {
			return err
		}
		return f.decide(ctx, tx, c)
	})
}

// level brings every share to the price: a step of quantity that was reached lowers it and the difference goes back
// (R14); who has paid less and has not agreed to more is paid back.
func (f *Fund) level(ctx context.Context, id market.WishID) error {
	if err := f.lapse(ctx, id); err != nil {
		return err
	}
	err := f.write(ctx, func(tx *db.Tx) error {
		e, err := escrow.Find(ctx, tx, id)
		if err != nil {
			return err
		}
		b, err := bid.FindBid(ctx, tx, e.BidID)
		if err != nil {
			return err
		}
		units, err := escrow.HeldUnits(ctx, tx, id)
		if err != nil {
			return err
		}
		err = escrow.LowerPrice(ctx, tx, id, b.Offer.PriceAt(units))
		if errors.Is(err, escrow.ErrClosed) { // it is as low already
			return nil
		}
		touch(tx, id, e.MerchantID)
		return err
	})
	if err != nil {
		return err
	}
	return f.lower(ctx, id)
}

// lower gives back what shares are worth more than the price, a chunk a transaction.
func (f *Fund) lower(ctx context.Context, id market.WishID) error {
	for {
		var n int
		err := f.write(ctx, func(tx *db.Tx) error {
			falls, err := escrow.Lower(ctx, tx, id, chunk)
			if n = len(falls); err != nil || n == 0 {
				return err
			}
			return f.Outcome.Lower(ctx, tx, falls)
		})
		if err != nil || n < chunk {
			return err
		}
	}
}

// lapse pays back who has paid less than the price and has not agreed to it, a chunk a transaction.
func (f *Fund) lapse(ctx context.Context, id market.WishID) error {
	for {
		var n int
		err := f.write(ctx, func(tx *db.Tx) error {
			short, err := escrow.Underpaid(ctx, tx, id, "", chunk)
			if n = len(short); err != nil || n == 0 {
				return err
			}
			acts, ids := make([]escrow.Act, n), make([]market.OrderID, n)
			for i, s := range short {
				ids[i] = s.OrderID
				acts[i] = escrow.Act{OrderID: s.OrderID, Action: escrow.ActLapse, By: escrow.ByClock}
			}
			if err := f.take(ctx, tx, acts); err != nil {
				return err
			}
			return collect.LeaveAll(ctx, tx, ids)
		})
		if err != nil || n < chunk {
			return err
		}
	}
}

// take makes steps that end shares and books what they come to.
func (f *Fund) take(ctx context.Context, tx *db.Tx, acts []escrow.Act) error {
	answers, err := escrow.Take(ctx, tx, rules(tx.Now()), acts)
	if err != nil {
		return err
	}
	var ends []escrow.End
	for _, a := range answers {
		if a.Err != nil {
			return a.Err
		}
		ends = append(ends, *a.End)
	}
	return f.Outcome.Post(ctx, tx, ends)
}

// decide ends a round whose time is over.
func (f *Fund) decide(ctx context.Context, tx *db.Tx, c collect.Collect) error {
	w, units, err := f.standing(ctx, tx, c)
	switch {
	case err != nil:
		return err
	case units == 0:
		return f.nobodyPaid(ctx, tx, w, c)
	case c.Enough(units):
		return f.serve(ctx, tx, w, c, ending{collect.ActEnough, collect.ByClock, collect.OutcomeEnough, units})
	}
	asked, err := c.Asked(times(tx.Now()), tx.Now())
	if err != nil {
		return err
	}
	if err := collect.Save(ctx, tx, c, asked); err != nil {
		return err
	}
	tx.Emit(event.Of(event.FundAsked{WishID: c.WishID, BidID: c.BidID, MerchantID: c.MerchantID, Units: units,
		Needs: c.Needs, AnswerBy: db.Micros(asked.AnswerBy)}, db.Micros(tx.Now())))
	later(tx, asked, event.JobFundAnswer, "", asked.AnswerBy)
	later(tx, asked, event.JobFundTell, tell.StepAsked, tx.Now())
	touch(tx, c.WishID, c.MerchantID)
	return nil
}

func (f *Fund) standing(ctx context.Context, tx *db.Tx, c collect.Collect) (wish.Wish, int64, error) {
	w, err := wish.Find(ctx, tx, c.WishID)
	if err != nil {
		return w, 0, err
	}
	units, err := escrow.HeldUnits(ctx, tx, c.WishID)
	return w, units, err
}

// ending is how a round ends with a seller at work.
type ending struct {
	action  collect.Action
	by      collect.By
	outcome string
	units   int64
}

// serve ends the paying: the seller is bound, and the money waits for what was promised.
func (f *Fund) serve(ctx context.Context, tx *db.Tx, w wish.Wish, c collect.Collect, x ending) error {
	over, err := c.Ended(x.action, x.by, x.outcome, tx.Now())
	if err != nil {
		return err
	}
	if err := collect.Save(ctx, tx, c, over); err != nil {
		return err
	}
	if err := escrow.Begin(ctx, tx, c.WishID); err != nil {
		return err
	}
	if _, err := bid.Finish(ctx, tx, c.WishID); err != nil {
		return err
	}
	if err := moved(wish.Pass(ctx, tx, w, wish.ActEnough, wish.By(x.by))); err != nil {
		return err
	}
	if err := collect.Drop(ctx, tx, c.WishID); err != nil {
		return err
	}
	tx.Emit(event.Of(event.WishMoved{WishID: w.ID, State: string(wish.Fulfilling), Round: w.Round}, w.Version+1))
	tx.Emit(event.Of(event.FundEnded{WishID: c.WishID, BidID: c.BidID, MerchantID: c.MerchantID, Outcome: x.outcome,
		Units: x.units}, db.Micros(tx.Now())))
	later(tx, c, event.JobFundTell, tell.StepBegun, tx.Now())
	touch(tx, c.WishID, c.MerchantID)
	return nil
}

// AnswerCmd is what a seller says to whom too few have paid.
type AnswerCmd struct {
	WishID     market.WishID
	MerchantID market.MerchantID
	Take       bool // serves those who have paid; else steps back
}

// Answer takes the seller's word: it serves fewer, or the next offer is asked.
func (f *Fund) Answer(ctx context.Context, actor market.Actor, cmd AnswerCmd) error {
	if err := right.Check(actor, right.BidPlace, right.Of(cmd.MerchantID)); err != nil {
		return err
	}
	if err := f.level(ctx, cmd.WishID); err != nil {
		return err
	}
	return f.write(ctx, func(tx *db.Tx) error {
		c, err := collect.Find(ctx, tx, cmd.WishID)
		if err != nil {
			return err
		}
		if err := c.MayAnswer(cmd.MerchantID, tx.Now()); err != nil {
			return err
		}
		w, units, err := f.standing(ctx, tx, c)
		if err != nil {
			return err
		}
		if cmd.Take {
			return f.serve(ctx, tx, w, c, ending{collect.ActAccept, collect.BySeller, collect.OutcomeShort, units})
		}
		return f.next(ctx, tx, w, c, failing{collect.BySeller, whyWithdrew})
	})
}

// Silence asks the next offer when a seller has not answered in time.
func (f *Fund) Silence(ctx context.Context, job event.FundJob) error {
	c, err := collect.Find(ctx, f.DB, job.WishID)
	if err != nil || !c.In(job.Round) || !c.Silent(f.DB.Clock().Now()) {
		return err
	}
	if err := f.level(ctx, job.WishID); err != nil {
		return err
	}
	return f.write(ctx, func(tx *db.Tx) error {
		c, err := collect.Find(ctx, tx, job.WishID)
		if err != nil || !c.In(job.Round) || !c.Silent(tx.Now()) {
			return err
		}
		w, units, err := f.standing(ctx, tx, c)
		if err != nil {
			return err
		}
		if c.Enough(units) { // payments that the gateway was asked about came in meanwhile
			return f.serve(ctx, tx, w, c, ending{collect.ActEnough, collect.ByClock, collect.OutcomeEnough, units})
		}
		return f.next(ctx, tx, w, c, failing{collect.ByClock, whyShort})
	})
}

// Consent pays back who has not agreed in time to a price that rose; they may pay anew while the round runs.
func (f *Fund) Consent(ctx context.Context, job event.FundJob) error {
	c, err := collect.Find(ctx, f.DB, job.WishID)
	if err != nil || !c.In(job.Round) || !c.Consents(f.DB.Clock().Now()) {
		return err
	}
	return f.lapse(ctx, job.WishID)
}
