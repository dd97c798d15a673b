package admit

import (
	"context"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/room"
)

// SwitchCmd opens or closes a room by hand, or gives it back to what is measured (Hand empty).
type SwitchCmd struct {
	DealID market.DealID
	Hand   room.Hand
	Reason string
}

// Switch does what the operator says and writes it down. A room that is shut by hand lets everybody pass and opens
// again only by hand; places are kept.
func (a *Admit) Switch(ctx context.Context, actor market.Actor, cmd SwitchCmd) error {
	if err := right.Check(actor, right.RoomSwitch, right.Resource{}); err != nil {
		return err
	}
	if err := room.CheckReason(cmd.Reason); err != nil {
		return err
	}
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		sale, err := a.sale(ctx, tx, cmd.DealID)
		if err != nil {
			return err
		}
		if err := sale.Deal.TakesHolds(tx.Now()); err != nil {
			return err
		}
		m, err := room.Find(ctx, tx, cmd.DealID)
		if err != nil {
			return err
		}
		if err := a.hand(ctx, tx, m, cmd.Hand); err != nil {
			return err
		}
		touch(tx, m)
		return audit.Write(ctx, tx, actor, audit.Act{Action: string(right.RoomSwitch), Resource: string(cmd.DealID),
			Detail: map[string]string{"hand": string(cmd.Hand), "reason": strings.TrimSpace(cmd.Reason)}})
	})
	if err != nil {
		return err
	}
	_, _, err = a.refresh(ctx)
	return err
}

// hand moves the room to what the hand says.
func (a *Admit) hand(ctx context.Context, tx *db.Tx, m room.Room, hand room.Hand) error {
	if m.Gathers() || m.Draws() {
		return room.ErrDrawing // the draw goes first: nobody loses a lot to a hand
	}
	if m.New() {
		m.State, m.Commitment = room.Closed, room.Commitment(room.SeedOf(a.Key, m.DealID))
		if err := room.Make(ctx, tx, []room.Room{m}); err != nil {
			return err
		}
	}
	ok, err := room.Move(ctx, tx, room.Step{Room: m, To: m.After(hand), By: hand})
	if err == nil && !ok {
		err = room.ErrChanged
	}
	return err
}
