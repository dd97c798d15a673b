package wanted

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// Rounds are the figures of policy by which a wish gathers on when its offers came to nothing.
func Rounds(now time.Time) wish.Rounds {
	a := policy.At(now).Wanted.Again
	return wish.Rounds{Max: a.RoundsMax, Pause: time.Duration(a.PauseHours) * time.Hour,
		Least: time.Duration(a.LeastHours) * time.Hour, Threshold: a.ThresholdMin}
}

// Again lets a wish gather on whose offers came to nothing, and tells of it (rule 61): its people are told and may
// leave, offers may come, and sellers are asked anew after a pause. It answers false for a wish of which no round, no
// time or nobody is left, which is to end. Its auction is void, and every share of the round has ended.
func (w *Wanted) Again(ctx context.Context, tx *db.Tx, one wish.Wish, outcome string) (bool, error) {
	rules := Rounds(tx.Now())
	if !one.GoesOn(rules, tx.Now()) {
		return false, nil
	}
	sellers, err := bid.Sellers(ctx, tx, one.ID, one.Round)
	if err != nil {
		return false, err
	}
	is, ok, err := wish.Return(ctx, tx, one, wish.Restart{Outcome: outcome, Sellers: sellers,
		PauseUntil: tx.Now().Add(rules.Pause)})
	if err != nil || !ok {
		return false, changed(err)
	}
	if _, err := bid.Reopen(ctx, tx, is.ID, is.Threshold); err != nil {
		return false, err
	}
	tx.Enqueue(db.Job{Kind: event.JobWishGoOn, Key: is.RoundKey(), Payload: event.WishJob{WishID: is.ID},
		Due: is.PauseUntil})
	tx.Emit(event.Of(event.WishAgain{WishID: is.ID, Round: is.Round, Outcome: outcome,
		PauseUntil: db.Micros(is.PauseUntil)}, is.Version))
	tx.Touch("wish:"+string(is.ID), db.Micros(tx.Now()))
	return true, nil
}

// Resume ends the pause of a wish that gathers on, when it is over; any other stays as it is.
func (w *Wanted) Resume(ctx context.Context, id market.WishID) error {
	return w.db.Write(ctx, func(tx *db.Tx) error {
		one, err := wish.Find(ctx, tx, id)
		if err != nil || !one.Paused() || one.Rests(tx.Now()) {
			return err
		}
		return goOn(ctx, tx, one, one.Threshold, wish.ByClock)
	})
}

// GoOn ends the pause of a wish that gathers on, by its lead, before it is over; after it nothing changes.
func (w *Wanted) GoOn(ctx context.Context, actor market.Actor, id market.WishID) error {
	return w.db.Write(ctx, func(tx *db.Tx) error {
		one, err := led(ctx, tx, actor, id)
		if err != nil || !one.Paused() {
			return err
		}
		return goOn(ctx, tx, one, one.Threshold, wish.ByLead)
	})
}

// Fewer sets a lower number of people for a wish that gathers on, by its lead, and ends its pause: when as many are
// firm sellers are asked at once. The number it has changes nothing.
func (w *Wanted) Fewer(ctx context.Context, actor market.Actor, id market.WishID, threshold int64) error {
	return w.db.Write(ctx, func(tx *db.Tx) error {
		one, err := led(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if err := one.MayAskFewer(actor.AccountID, threshold, Rounds(tx.Now())); err != nil || threshold == one.Threshold {
			return err
		}
		if _, err := bid.Resize(ctx, tx, id, threshold); err != nil {
			return err
		}
		tx.Emit(event.Of(event.WishFewer{WishID: id, Threshold: threshold}, one.Version+1))
		return goOn(ctx, tx, one, threshold, wish.ByLead)
	})
}

// goOn ends a pause, and opens the auction when enough are firm.
func goOn(ctx context.Context, tx *db.Tx, one wish.Wish, threshold int64, by wish.By) error {
	is, ok, err := wish.GoOn(ctx, tx, one, threshold, by)
	if err != nil || !ok {
		return changed(err)
	}
	tx.Touch("wish:"+string(one.ID), db.Micros(tx.Now()))
	if !is.Reached() {
		return nil
	}
	return announce(ctx, tx, is)
}

// announce opens the auction of a wish that has reached its point.
func announce(ctx context.Context, tx *db.Tx, one wish.Wish) error {
	now := tx.Now()
	a, err := bid.Start(ctx, tx, bid.Window{WishID: one.ID, OpensAt: now, ClosesAt: bidsUntil(now),
		Quantity: one.Threshold})
	if err != nil {
		return err
	}
	tx.Enqueue(db.Job{Kind: event.JobAuctionClose, Key: a.CloseKey(), Payload: event.WishJob{WishID: one.ID},
		Due: a.DueAt()})
	tx.Emit(event.Of(event.WishReached{WishID: one.ID, CategoryID: one.CategoryID, RegionID: one.RegionID,
		Threshold: one.Threshold, BidsUntil: db.Micros(a.ClosesAt), Round: one.Round}, one.Version))
	return nil
}
