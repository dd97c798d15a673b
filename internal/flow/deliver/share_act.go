package deliver

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/escrow/address"
	"github.com/dure-commerce/dure/internal/market/right"
)

// Confirm is the member's word that what was promised arrived: the share goes to its seller. Confirming again answers
// the same.
func (d *Deliver) Confirm(ctx context.Context, actor market.Actor, id market.OrderID) (escrow.Share, error) {
	return d.take(ctx, actor, step{right.ShareReceive, escrow.OutConfirmed,
		escrow.Act{OrderID: id, Action: escrow.ActConfirm, By: escrow.ByBuyer, AccountID: actor.AccountID}})
}

// Withdraw gives a share back to its member before anything was sent (전자상거래법 17조 1항).
func (d *Deliver) Withdraw(ctx context.Context, actor market.Actor, id market.OrderID) (escrow.Share, error) {
	return d.take(ctx, actor, step{right.ShareReceive, escrow.OutWithdrawn,
		escrow.Act{OrderID: id, Action: escrow.ActWithdraw, By: escrow.ByBuyer, AccountID: actor.AccountID}})
}

// GiveBack gives a share back to its member, by the seller, or by the operator.
func (d *Deliver) GiveBack(ctx context.Context, actor market.Actor, id market.OrderID) (escrow.Share, error) {
	_, e, err := found(ctx, d.DB, id)
	if err != nil {
		return escrow.Share{}, err
	}
	act := escrow.Act{OrderID: id, Action: escrow.ActGiveBack, By: escrow.BySeller, MerchantID: e.MerchantID}
	if right.Can(actor, right.ShareGiveBack, right.Resource{}) {
		act.By = escrow.ByOperator
		return d.take(ctx, actor, step{right.ShareGiveBack, escrow.OutOperator, act})
	}
	return d.take(ctx, actor, step{right.ShareSend, escrow.OutGivenBack, act})
}

// step is somebody's act that ends a share, the right it needs, and how the share ends.
type step struct {
	right right.Action
	out   escrow.Outcome
	act   escrow.Act
}

func resource(s escrow.Share, e escrow.Escrow) right.Resource {
	return right.Resource{MerchantID: e.MerchantID, BranchID: e.BranchID, AccountID: s.AccountID}
}

func (d *Deliver) take(ctx context.Context, actor market.Actor, do step) (out escrow.Share, err error) {
	err = d.write(ctx, func(tx *db.Tx) error {
		s, e, err := found(ctx, tx, do.act.OrderID)
		if err != nil {
			return err
		}
		if err := right.Check(actor, do.right, resource(s, e)); err != nil {
			return err
		}
		answers, err := escrow.Take(ctx, tx, RulesAt(tx.Now()), []escrow.Act{do.act})
		if err != nil {
			return err
		}
		if err := answers[0].Err; err != nil {
			if out = s; s.Outcome == do.out && errors.Is(err, escrow.ErrState) {
				return nil // the same word again
			}
			return err
		}
		out = answers[0].End.Share
		if do.act.By != escrow.ByBuyer {
			noted := audit.Act{Action: string(do.right), Resource: string(s.OrderID)}
			if err := audit.Write(ctx, tx, actor, noted); err != nil {
				return err
			}
		}
		return d.ended(ctx, tx, []escrow.End{*answers[0].End})
	})
	return out, err
}

// Wait gives the member more time to look at what arrived, once.
func (d *Deliver) Wait(ctx context.Context, actor market.Actor, id market.OrderID) (out escrow.Share, err error) {
	err = d.write(ctx, func(tx *db.Tx) error {
		s, e, err := found(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := right.Check(actor, right.ShareReceive, resource(s, e)); err != nil {
			return err
		}
		if out, err = escrow.Wait(ctx, tx, id, actor.AccountID, RulesAt(tx.Now())); err != nil {
			return err
		}
		remindSilence(tx, out)
		touch(tx, out, e.MerchantID)
		return nil
	})
	return out, err
}

// PutAddress notes where a member's parcel goes, or changes it while nothing was sent.
func (d *Deliver) PutAddress(ctx context.Context, actor market.Actor, id market.OrderID, a address.Address) error {
	return d.write(ctx, func(tx *db.Tx) error {
		s, e, err := found(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := right.Check(actor, right.ShareReceive, resource(s, e)); err != nil {
			return err
		}
		if err := address.Put(ctx, tx, id, actor.AccountID, a); err != nil {
			return err
		}
		touch(tx, s, e.MerchantID)
		return nil
	})
}
