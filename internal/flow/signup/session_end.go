package signup

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/right"
)

// SignOut ends one sign-in of the actor: the present one, or another from the list.
func (s *Signup) SignOut(ctx context.Context, actor market.Actor, session string) error {
	if err := right.Check(actor, right.AccountEdit, right.Mine(actor.AccountID)); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error { return account.End(ctx, tx, actor.AccountID, session) })
}

// SignOutElsewhere ends every sign-in of the actor and begins one anew for the present device.
func (s *Signup) SignOutElsewhere(ctx context.Context, actor market.Actor, device string) (Entered, error) {
	if err := right.Check(actor, right.AccountEdit, right.Mine(actor.AccountID)); err != nil {
		return Entered{}, err
	}
	var entered Entered
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := account.EndSessions(ctx, tx, actor.AccountID); err != nil {
			return err
		}
		a, err := account.Find(ctx, tx, actor.AccountID)
		if err != nil {
			return err
		}
		entered, err = enter(ctx, tx, actor, a, device)
		return err
	})
	return entered, err
}

// Seen writes that a sign-in is still in use; pages call it when it is due.
func (s *Signup) Seen(ctx context.Context, session string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error { return account.Touch(ctx, tx, session) })
}

// RunOnce forgets some sign-ups, links and sign-ins that ended long ago; worked tells that there may be more.
func (s *Signup) RunOnce(ctx context.Context) (worked bool, err error) {
	due, err := account.PurgeDue(ctx, s.DB, s.DB.Clock().Now())
	if err != nil || !due {
		return false, err // an idle site never takes the writer
	}
	var gone int64
	err = s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		gone, err = account.Purge(ctx, tx, tx.Now())
		return err
	})
	return gone > 0, err
}
