package deliver

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/event"
)

// remindBefore is how long before its time runs out somebody is reminded.
const remindBefore = 48 * time.Hour

// remindSilence asks for a reminder before silence releases a share.
func remindSilence(tx *db.Tx, s escrow.Share) { remind(tx, event.JobShareRemind, s.DueAt, s) }

// remindTurn asks for a reminder before a side's time in a dispute is over.
func remindTurn(tx *db.Tx, x escrow.Dispute) {
	remind(tx, event.JobDisputeRemind, x.DueAt, escrow.Share{OrderID: x.OrderID})
}

// remind asks for one reminder before an instant. A time that moves on gets a reminder of its own, and the old one
// finds that its time is no longer meant.
func remind(tx *db.Tx, kind string, due time.Time, s escrow.Share) {
	tx.Enqueue(db.Job{Kind: kind, Key: string(s.OrderID) + ":" + stamp(due), Due: due.Add(-remindBefore),
		Payload: event.ShareJob{OrderID: s.OrderID, Due: db.Micros(due)}})
}

// RemindSilence tells a member that the share is released soon unless something is said; nothing when that time has
// moved, or the share has.
func (d *Deliver) RemindSilence(ctx context.Context, j event.ShareJob) error {
	return d.DB.Write(ctx, func(tx *db.Tx) error {
		s, e, err := found(ctx, tx, j.OrderID)
		if err != nil || db.Micros(s.DueAt) != j.Due {
			return err
		}
		return d.tell(ctx, tx, []word{{share: s, seller: e.MerchantID, kind: toldSilence, once: stamp(s.DueAt),
			until: s.DueAt}})
	})
}

// RemindTurn tells a side of a dispute that its time to speak is over soon.
func (d *Deliver) RemindTurn(ctx context.Context, j event.ShareJob) error {
	return d.DB.Write(ctx, func(tx *db.Tx) error {
		x, err := escrow.FindDispute(ctx, tx, j.OrderID)
		if err != nil || x.Turn == escrow.TurnOver || db.Micros(x.DueAt) != j.Due {
			return err
		}
		s, e, err := found(ctx, tx, j.OrderID)
		if err != nil {
			return err
		}
		x.DueAt = x.DueAt.Add(time.Microsecond) // another word than the one that told of the turn
		return d.tellTurn(ctx, tx, s, e.MerchantID, x)
	})
}
