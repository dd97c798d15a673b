package deliver

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/right"
)

// DisputeCmd is a member's complaint about a share.
type DisputeCmd struct {
	OrderID market.OrderID
	Reason  escrow.Reason
	Words   string
	Photos  [][]byte    // files as they were uploaded
	Kept    []photo.Ref // photos that are kept already
}

// OpenDispute freezes a member's share, and nobody else's. Opening it again shows the dispute that there is.
func (d *Deliver) OpenDispute(ctx context.Context, actor market.Actor, cmd DisputeCmd) (out escrow.Dispute, err error) {
	s, e, err := found(ctx, d.DB, cmd.OrderID)
	if err != nil {
		return out, err
	}
	if err := right.Check(actor, right.DisputeOpen, resource(s, e)); err != nil {
		return out, err
	}
	pictures, err := d.keep(ctx, cmd.Photos, cmd.Kept)
	if err != nil {
		return out, err
	}
	err = d.write(ctx, func(tx *db.Tx) error {
		out, err = escrow.OpenDispute(ctx, tx, RulesAt(tx.Now()), escrow.Opening{OrderID: cmd.OrderID,
			AccountID: actor.AccountID, Reason: cmd.Reason, Words: cmd.Words, Pictures: pictures})
		if err != nil {
			return err
		}
		s, err := escrow.FindShare(ctx, tx, cmd.OrderID)
		if err != nil {
			return err
		}
		moved(tx, s, e.MerchantID)
		disputeMoved(tx, s, e.MerchantID, out)
		remindTurn(tx, out)
		err = d.tell(ctx, tx, []word{{share: s, seller: e.MerchantID, kind: toldDisputed, toSeller: true, until: out.DueAt},
			{share: s, seller: e.MerchantID, kind: toldDisputeOpen, until: out.DueAt}})
		if err != nil {
			return err
		}
		return d.Outcome.Freeze(ctx, tx, e, s)
	})
	if errors.Is(err, escrow.ErrState) {
		if known, found := escrow.FindDispute(ctx, d.DB, cmd.OrderID); found == nil {
			return known, nil // opened before
		}
	}
	return out, err
}

// keep makes photos of uploaded files, written anew without anything the camera noted.
func (d *Deliver) keep(ctx context.Context, files [][]byte, kept []photo.Ref) ([]string, error) {
	if len(files)+len(kept) > escrow.PicturesMax {
		return nil, escrow.ErrPictures.With("Max", int64(escrow.PicturesMax)).On("pictures")
	}
	var names []string
	for _, ref := range kept {
		if err := ref.Check(); err != nil {
			return nil, err
		}
		names = append(names, string(ref))
	}
	for _, file := range files {
		ref, err := photo.Keep(ctx, d.Maker, d.Media, file)
		if err != nil {
			return nil, err
		}
		names = append(names, string(ref))
	}
	return names, nil
}

// SayCmd is what is said in a dispute by one of its sides, or decided by the operator.
type SayCmd struct {
	OrderID  market.OrderID
	Say      escrow.Say
	Words    string
	Photos   [][]byte
	Kept     []photo.Ref
	Offered  bool      // with an answer: the seller offers Refunded
	Refunded money.Won // of an offer or of a ruling: what goes back to the member
	// AsSeller tells which side speaks where the actor might be both.
	AsSeller bool
}

// Speak takes a side's word into a dispute: an answer, a reply, more evidence, taking an offer, giving in.
func (d *Deliver) Speak(ctx context.Context, actor market.Actor, cmd SayCmd) (escrow.Heed, error) {
	s, e, err := found(ctx, d.DB, cmd.OrderID)
	if err != nil {
		return escrow.Heed{}, err
	}
	w := escrow.Word{OrderID: cmd.OrderID, Say: cmd.Say, By: escrow.ByBuyer, AccountID: actor.AccountID, Words: cmd.Words,
		Offered: cmd.Offered, Refunded: cmd.Refunded}
	on := right.Mine(s.AccountID)
	if cmd.AsSeller {
		w.By, w.MerchantID, on = escrow.BySeller, e.MerchantID, right.Of(e.MerchantID)
	}
	if err := right.Check(actor, right.DisputeSpeak, on); err != nil {
		return escrow.Heed{}, err
	}
	if w.Pictures, err = d.keep(ctx, cmd.Photos, cmd.Kept); err != nil {
		return escrow.Heed{}, err
	}
	return d.hear(ctx, actor, w)
}

// DecideCmd is the operator's decision, in won and with a reason that both sides read.
type DecideCmd struct {
	OrderID  market.OrderID
	Refunded money.Won // to the member; the rest goes to the seller
	Note     string
}

// Decide ends a dispute by the operator's word.
func (d *Deliver) Decide(ctx context.Context, actor market.Actor, cmd DecideCmd) (escrow.Heed, error) {
	if err := right.Check(actor, right.DisputeDecide, right.Resource{}); err != nil {
		return escrow.Heed{}, err
	}
	return d.hear(ctx, actor, escrow.Word{OrderID: cmd.OrderID, Say: escrow.SayRule, By: escrow.ByOperator,
		AccountID: actor.AccountID, Words: cmd.Note, Refunded: cmd.Refunded})
}

func (d *Deliver) hear(ctx context.Context, actor market.Actor, w escrow.Word) (out escrow.Heed, err error) {
	err = d.write(ctx, func(tx *db.Tx) error {
		was, err := escrow.FindDispute(ctx, tx, w.OrderID)
		if err != nil {
			return err
		}
		if out, err = escrow.Hear(ctx, tx, RulesAt(tx.Now()), w); err != nil {
			return err
		}
		if w.By == escrow.ByOperator {
			noted := audit.Act{Action: string(right.DisputeDecide), Resource: string(w.OrderID),
				Detail: map[string]any{"refunded": w.Refunded, "of": out.Amount}}
			if err := audit.Write(ctx, tx, actor, noted); err != nil {
				return err
			}
		}
		s, e, err := found(ctx, tx, w.OrderID)
		if err != nil {
			return err
		}
		disputeMoved(tx, s, e.MerchantID, out.Dispute)
		touch(tx, s, e.MerchantID)
		if out.End != nil {
			return d.ended(ctx, tx, []escrow.End{*out.End})
		}
		if out.Turn == was.Turn {
			return nil
		}
		remindTurn(tx, out.Dispute)
		return d.tellTurn(ctx, tx, s, e.MerchantID, out.Dispute)
	})
	return out, err
}

func disputeMoved(tx *db.Tx, s escrow.Share, seller market.MerchantID, x escrow.Dispute) {
	tx.Emit(event.Of(event.DisputeMoved{OrderID: s.OrderID, WishID: s.WishID, MerchantID: seller, AccountID: s.AccountID,
		Turn: string(x.Turn), Outcome: string(x.Outcome)}, db.Micros(tx.Now())))
}
