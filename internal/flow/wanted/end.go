package wanted

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/bid"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// ErrChanged asks to look again: the wish moved while it was ended.
var ErrChanged = fail.New(fail.Conflict, "wish.changed")

// Withdraw takes a wish back, by its lead, while nobody else is firm.
func (w *Wanted) Withdraw(ctx context.Context, actor market.Actor, id market.WishID) error {
	return w.db.Write(ctx, func(tx *db.Tx) error {
		one, err := wish.Find(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := right.Check(actor, right.WishWithdraw, right.Mine(one.LeadID)); err != nil {
			return err
		}
		own, err := wish.FindMember(ctx, tx, wish.MemberKey{WishID: id, AccountID: actor.AccountID})
		if err != nil {
			return err
		}
		if err := one.MayWithdraw(actor.AccountID, own.Kind); err != nil {
			return err
		}
		return w.end(ctx, tx, one, wish.Ending{Action: wish.ActWithdraw, By: wish.ByLead, Outcome: wish.OutcomeWithdrawn})
	})
}

// Expire ends a wish whose time to gather is over; one that reached its point, or has ended, stays as it is.
func (w *Wanted) Expire(ctx context.Context, id market.WishID) error {
	return w.db.Write(ctx, func(tx *db.Tx) error {
		one, err := wish.Find(ctx, tx, id)
		if err != nil || !one.Over(tx.Now()) {
			return err
		}
		return w.end(ctx, tx, one, wish.Ending{Action: wish.ActExpire, By: wish.ByClock, Outcome: wish.OutcomeExpired})
	})
}

func (w *Wanted) end(ctx context.Context, tx *db.Tx, one wish.Wish, e wish.Ending) error {
	to, ok, err := wish.End(ctx, tx, one, e)
	if err != nil {
		return err
	}
	if !ok {
		return ErrChanged
	}
	by := bid.ByClock
	if e.By == wish.ByLead {
		by = bid.ByLead
	}
	if _, err := bid.Cancel(ctx, tx, one.ID, by, bid.VoidNoWish); err != nil {
		return err
	}
	if err := w.index.Remove(ctx, tx, string(one.ID)); err != nil {
		return err
	}
	tx.Emit(event.Of(event.WishEnded{WishID: one.ID, State: string(to), Outcome: e.Outcome, Round: one.Round},
		one.Version+1))
	tx.Touch("wish:"+string(one.ID), db.Micros(tx.Now()))
	return nil
}
