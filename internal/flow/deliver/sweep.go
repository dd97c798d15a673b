package deliver

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/address"
	"github.com/dure-commerce/dure/internal/market/escrow/desk"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/wish"
)

const (
	sweepAtOnce  = 100
	finishAtOnce = 20
	eraseAtOnce  = 200
)

// SweepOnce does what the clock owes to some shares: silence after evidence releases, what was not sent or never proven
// to arrive goes back, a dispute whose time has run out is decided.
func (d *Deliver) SweepOnce(ctx context.Context) (bool, error) {
	due, err := escrow.Due(ctx, d.DB, d.now(), 1)
	if err != nil || len(due) == 0 {
		return false, err
	}
	worked := false
	err = d.write(ctx, func(tx *db.Tx) error {
		ends, err := escrow.Sweep(ctx, tx, RulesAt(tx.Now()), sweepAtOnce)
		if err != nil {
			return err
		}
		worked = len(ends) > 0
		for _, e := range ends {
			if e.Frozen() {
				disputeMoved(tx, e.Share, e.MerchantID, escrow.Dispute{Turn: escrow.TurnOver, Outcome: e.Outcome})
			}
		}
		return d.ended(ctx, tx, ends)
	})
	return worked, err
}

// FinishOnce ends escrows whose every share has ended, and the wishes behind them.
func (d *Deliver) FinishOnce(ctx context.Context) (bool, error) {
	over, err := desk.Over(ctx, d.DB, finishAtOnce)
	if err != nil || len(over) == 0 {
		return false, err
	}
	worked := false
	err = d.write(ctx, func(tx *db.Tx) error {
		ended, err := escrow.Finish(ctx, tx, finishAtOnce)
		if err != nil {
			return err
		}
		worked = len(ended) > 0
		for _, id := range ended {
			if err := finish(ctx, tx, id); err != nil {
				return err
			}
		}
		return nil
	})
	return worked, err
}

// finish ends a wish that was served; a void escrow's wish was ended by whoever gave it up.
func finish(ctx context.Context, tx *db.Tx, id market.WishID) error {
	e, err := escrow.Find(ctx, tx, id)
	if err != nil || e.Phase != escrow.Done {
		return err
	}
	one, err := wish.Find(ctx, tx, id)
	if err != nil {
		return err
	}
	tx.Emit(event.Of(event.EscrowDone{WishID: id, MerchantID: e.MerchantID}, db.Micros(tx.Now())))
	tx.Touch("wish:"+string(id), db.Micros(tx.Now()))
	to, ok, err := wish.End(ctx, tx, one, wish.Ending{Action: wish.ActFinish, By: wish.ByClock, Outcome: outcomeServed})
	switch {
	case err != nil:
		return err
	case !ok:
		return escrow.ErrMoved
	}
	tx.Emit(event.Of(event.WishEnded{WishID: id, State: string(to), Outcome: outcomeServed}, one.Version+1))
	return nil
}

// outcomeServed is how a wish ends whose members were served, or paid back.
const outcomeServed = "served"

// EraseOnce removes addresses that nobody needs any more.
func (d *Deliver) EraseOnce(ctx context.Context) (bool, error) {
	due, err := address.Stale(ctx, d.DB, d.now(), 1)
	if err != nil || len(due) == 0 {
		return false, err
	}
	erased := 0
	err = d.DB.Write(ctx, func(tx *db.Tx) (err error) {
		erased, err = address.Erase(ctx, tx, eraseAtOnce)
		return err
	})
	return erased > 0, err
}
