package redeem

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/ledger"
	"github.com/dure-commerce/dure/internal/market/policy"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/voucher"
)

// UndoCmd takes an accepted use back.
type UndoCmd struct {
	RedemptionID market.RedemptionID
	Reason       string
}

// Undo annuls a redemption in its window: the units return, the earning is mirrored, once. Undoing what was undone by
// the same person answers as the first time did.
func (r *Redeem) Undo(ctx context.Context, actor market.Actor, cmd UndoCmd) (voucher.Redemption, error) {
	var x voucher.Redemption
	err := r.DB.Write(ctx, func(tx *db.Tx) error {
		var err error
		if x, err = voucher.FindRedemption(ctx, tx, cmd.RedemptionID); err != nil {
			return err
		}
		if err := mayUndo(actor, x); err != nil {
			return err
		}
		if x.UndoneBy(actor.AccountID) {
			return nil
		}
		member, _ := actor.Membership(x.MerchantID)
		if err := x.MayUndo(actor.AccountID, member.Role, undoWindows(x), tx.Now()); err != nil {
			return err
		}
		ok, err := voucher.Annul(ctx, tx, x.ID, actor.AccountID, cmd.Reason)
		if err != nil {
			return err
		}
		if !ok {
			// Somebody was faster since we looked: it may have been this very person's other finger.
			if x, err = voucher.FindRedemption(ctx, tx, x.ID); err == nil && x.UndoneBy(actor.AccountID) {
				return nil
			}
			return orElse(err, voucher.ErrUndone)
		}
		if ok, err := voucher.Unuse(ctx, tx, x); err != nil || !ok {
			// Parts are cumulative: only the last use can be taken back, or the parts would not add up.
			return orElse(err, voucher.ErrLaterUse)
		}
		if err := r.mirror(ctx, tx, x); err != nil {
			return err
		}
		tx.Emit(event.Of(event.VoucherUndone{RedemptionID: x.ID, VoucherID: x.VoucherID, OrderID: x.OrderID,
			DealID: x.DealID, MerchantID: x.MerchantID, AccountID: x.AccountID, Units: x.Units, Price: x.Price,
			Net: x.Net}, db.Micros(tx.Now())))
		moved(tx, x)
		if err := audit.Write(ctx, tx, actor, audit.Act{Action: "redemption.undo", Resource: string(x.ID),
			Detail: cmd.Reason}); err != nil {
			return err
		}
		x, err = voucher.FindRedemption(ctx, tx, x.ID)
		return err
	})
	return x, err
}

// mayUndo asks for the right to undo one's own scan, or anybody's.
func mayUndo(actor market.Actor, x voucher.Redemption) error {
	on := right.Resource{MerchantID: x.MerchantID, BranchID: x.BranchID, AccountID: x.StaffID}
	if right.Can(actor, right.RedemptionUndoOwn, on) {
		return nil
	}
	return right.Check(actor, right.RedemptionUndo, on)
}

// undoWindows are those of the policies in force when the use was made: a change of policy shortens nobody's time.
func undoWindows(x voucher.Redemption) voucher.UndoWindows {
	u := policy.At(x.At).Undo
	return voucher.UndoWindows{Own: u.Own(), Manager: u.Manager()}
}

func (r *Redeem) mirror(ctx context.Context, tx *db.Tx, x voucher.Redemption) error {
	first, err := ledger.FindScope(ctx, tx, ledger.RedeemedScope(x.ID))
	if err != nil {
		return err
	}
	return ledger.Post(ctx, tx, []ledger.Entry{ledger.Undone(first, x.ID)})
}

func orElse(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}
