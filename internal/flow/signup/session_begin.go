package signup

import (
	"context"
	"errors"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/limit"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/right"
)

// SignInCmd is what somebody types to come in; Device is what the browser says of itself.
type SignInCmd struct {
	Email, Password, Device string
}

// SignIn lets somebody in. An unknown address, a wrong password and an address not yet confirmed answer alike and take
// equally long; five tries a quarter of an hour from one place, then ErrTooMany.
func (s *Signup) SignIn(ctx context.Context, actor market.Actor, cmd SignInCmd) (Entered, error) {
	_, key, refusal := account.ParseEmail(cmd.Email)
	if refusal != nil {
		return Entered{}, refusal
	}
	if err := s.countTry(ctx, actor, key); err != nil {
		return Entered{}, err
	}
	a, err := account.FindByEmail(ctx, s.DB, key)
	if err != nil && !errors.Is(err, account.ErrUnknown) {
		return Entered{}, err
	}
	fits, stale, err := s.Hasher.Verify(ctx, a.PasswordHash, cmd.Password)
	if err != nil {
		return Entered{}, err
	}
	if !fits {
		return Entered{}, account.ErrCredentials
	}
	if a.Blocked() {
		return Entered{}, account.ErrBlocked
	}
	fresh := ""
	if stale {
		if fresh, err = s.Hasher.Hash(ctx, cmd.Password); err != nil {
			return Entered{}, err
		}
	}
	return s.letIn(ctx, actor, a, letIn{key: key, fresh: fresh, device: cmd.Device})
}

// countTry counts before the answer is known, so that a failed try cannot take its count back.
func (s *Signup) countTry(ctx context.Context, actor market.Actor, key string) error {
	if s.Demo {
		// A demonstration's passwords are public and its town lives behind one address: only a pair's tries count.
		return s.Limits.Take(ctx, signInPair(), pair(key, actor))
	}
	if err := s.Limits.Take(ctx, signInAddress(), actor.Address); err != nil {
		return err
	}
	err := s.Limits.Take(ctx, signInPair(), pair(key, actor))
	if err == nil {
		err = s.Limits.Take(ctx, signInAccount(), key)
	}
	if errors.Is(err, limit.ErrTooMany) {
		s.alarm(ctx, key)
	}
	return err
}

func pair(key string, actor market.Actor) string { return key + " " + actor.Address }

// alarm lets the owner of an address hear, once an hour at most, that somebody keeps trying. It asks for nothing and
// fails silently: the refusal of the try is what matters.
func (s *Signup) alarm(ctx context.Context, key string) {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		tx.Enqueue(db.Job{Kind: KindAlarm, Key: alarmKey(key, tx.Now()), Payload: alarming{EmailKey: key}})
		return nil
	})
	if err != nil {
		s.DB.Log().Warn("alarm about sign-in tries not sent", "error", err)
	}
}

type letIn struct{ key, fresh, device string }

func (s *Signup) letIn(ctx context.Context, actor market.Actor, known account.Account, in letIn) (Entered, error) {
	var entered Entered
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := account.Find(ctx, tx, known.ID)
		if err != nil {
			return err
		}
		// The password was checked outside: it must still be the one, and the account still open.
		if a.PasswordHash != known.PasswordHash || a.Blocked() {
			return account.ErrCredentials
		}
		if in.fresh != "" {
			if err := account.Rehash(ctx, tx, a.ID, a.PasswordHash, in.fresh); err != nil {
				return err
			}
		}
		if err := limit.Forget(ctx, tx, signInPair(), pair(in.key, actor)); err != nil {
			return err
		}
		familiar, err := account.KnowsDevice(ctx, tx, a.ID, in.device)
		if err != nil {
			return err
		}
		if !familiar {
			tell(tx, a, "mail.new_device", "/account", "")
		}
		entered, err = enter(ctx, tx, actor, a, in.device)
		return err
	})
	return entered, err
}

// StepIn is the demonstration town's one-click sign-in; elsewhere it does not exist.
func (s *Signup) StepIn(ctx context.Context, actor market.Actor, id market.AccountID, device string) (Entered, error) {
	if !s.Demo {
		return Entered{}, right.ErrHidden
	}
	var entered Entered
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := account.Find(ctx, tx, id)
		if err != nil {
			return err
		}
		if a.Blocked() {
			return account.ErrBlocked
		}
		entered, err = enter(ctx, tx, actor, a, device)
		return err
	})
	return entered, err
}
