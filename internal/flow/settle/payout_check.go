package settle

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/settlement"
	"github.com/dure-commerce/dure/internal/market/settlement/check"
)

// checked looks at the books before anything is paid out by itself (decision 31). Sound books are looked at once a
// day, others again every some minutes, until they are sound. A look that could not be finished is an error: nothing
// is paid.
func (s *Settle) checked(ctx context.Context) (check.Result, error) {
	if s.Checks == nil {
		return check.Result{}, nil
	}
	now := s.Now()
	last, err := check.Last(ctx, s.DB)
	if err != nil || last.Holds(now) {
		return last, err
	}
	faults, found, err := s.Checks(ctx)
	if err != nil {
		return last, err
	}
	next := last.Next(now, found, faults)
	if last.Turned(next) && !next.Sound() {
		s.Log.Error("the books are not sound: payouts wait", "found", found, "why", next.Err())
	}
	return next, s.DB.Write(ctx, func(tx *db.Tx) error {
		tx.Touch("console", db.Micros(tx.Now()))
		return check.Put(ctx, tx, next)
	})
}

// MendOnce lets payouts go that waited for our books, once these agree again: nobody has to remember them.
func (s *Settle) MendOnce(ctx context.Context) (bool, error) {
	worked := false
	for after := ""; ; {
		held, err := settlement.HeldForBooks(ctx, s.DB, after, merchantsAtOnce)
		if err != nil || len(held) == 0 {
			return worked, err
		}
		found, err := s.checked(ctx)
		if err != nil || !found.Sound() {
			return worked, err
		}
		for _, p := range held {
			mended, err := s.mend(ctx, p.ID)
			if err != nil {
				return worked, err
			}
			worked, after = worked || mended, string(p.ID)
		}
	}
}

// mend plans a payout anew that waited for our books: it goes out, or waits for what else is amiss.
func (s *Settle) mend(ctx context.Context, id market.PayoutID) (mended bool, err error) {
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := lockPayout(ctx, tx, id)
		if err != nil || !p.Books() {
			return err
		}
		plan := settlement.Plan{MerchantID: p.MerchantID, Day: p.Day, Amount: p.Amount, TableEnded: p.TableEnded}
		if err := fill(ctx, tx, &plan); err != nil {
			return err
		}
		now := plan.Payout(id)
		switch {
		case now.Books():
			return nil
		case now.Due():
			mended = true
			return release(ctx, tx, p)
		}
		mended = true
		if err := settlement.HoldOtherwise(ctx, tx, now); err != nil {
			return err
		}
		touch(tx, p.MerchantID)
		return nil
	})
	return mended, err
}
