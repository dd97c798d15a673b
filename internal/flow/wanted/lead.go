package wanted

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
)

// ErrNobody refuses to hand over a wish to whose crowd nobody else belongs.
var ErrNobody = fail.New(fail.Conflict, "wish.nobody")

// Edit changes the words of a wish while it gathers, by its lead.
func (w *Wanted) Edit(ctx context.Context, actor market.Actor, id market.WishID, words wish.Words) error {
	return w.db.Write(ctx, func(tx *db.Tx) error {
		one, err := led(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if one, err = one.Reworded(actor.AccountID, words); err != nil {
			return err
		}
		if ok, err := wish.SaveWords(ctx, tx, one); err != nil || !ok {
			return changed(err)
		}
		tx.Touch("wish:"+string(id), db.Micros(tx.Now()))
		return w.index.Put(ctx, tx, string(id), one.Name, one.Details)
	})
}

// HandOver lets the firm member who has been there longest lead in the actor's place; the actor's own place stays.
func (w *Wanted) HandOver(ctx context.Context, actor market.Actor, id market.WishID) error {
	return w.db.Write(ctx, func(tx *db.Tx) error {
		one, err := led(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if err := one.MayHandOver(actor.AccountID); err != nil {
			return err
		}
		next, err := wish.LeadAfter(ctx, tx, id, actor.AccountID)
		if err != nil {
			return err
		}
		if next == "" {
			return ErrNobody
		}
		if ok, err := wish.SetLead(ctx, tx, id, one.LeadID, next); err != nil || !ok {
			return changed(err)
		}
		tx.Emit(event.Of(event.WishLed{WishID: id, LeadID: next}, one.Version+1))
		tx.Touch("wish:"+string(id), db.Micros(tx.Now()))
		return nil
	})
}

// led reads a wish that the actor may speak for.
func led(ctx context.Context, tx *db.Tx, actor market.Actor, id market.WishID) (wish.Wish, error) {
	one, err := wish.Find(ctx, tx, id)
	if err != nil {
		return one, err
	}
	return one, right.Check(actor, right.WishLead, right.Mine(one.LeadID))
}

// changed asks to look again where a guard answered nothing.
func changed(err error) error {
	if err != nil {
		return err
	}
	return ErrChanged
}
