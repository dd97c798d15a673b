package signup

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/right"
)

// Resettable answers account.ErrLink when a reset link is no longer good, for the page that asks for the password.
func (s *Signup) Resettable(ctx context.Context, secret string) error {
	_, err := account.Peek(ctx, s.DB, account.PurposeReset, secret, s.DB.Clock().Now())
	return err
}

// ResetCmd sets a new password with a link's secret.
type ResetCmd struct {
	Secret, Password, Device string
}

// Reset sets a new password, ends every sign-in, link and API token of the account, and signs its owner in.
func (s *Signup) Reset(ctx context.Context, actor market.Actor, cmd ResetCmd) (Entered, error) {
	token, err := account.Peek(ctx, s.DB, account.PurposeReset, cmd.Secret, s.DB.Clock().Now())
	if err != nil {
		return Entered{}, err
	}
	known, err := account.Find(ctx, s.DB, token.AccountID)
	if err != nil {
		return Entered{}, err
	}
	if refusal := account.CheckPassword(cmd.Password, known.EmailKey, known.Name); refusal != nil {
		return Entered{}, refusal
	}
	hash, err := s.Hasher.Hash(ctx, cmd.Password)
	if err != nil {
		return Entered{}, err
	}
	var entered Entered
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := account.Use(ctx, tx, account.PurposeReset, cmd.Secret); err != nil {
			return err
		}
		for _, purpose := range []account.Purpose{account.PurposeReset, account.PurposeAPI} {
			if err := account.RevokeAll(ctx, tx, known.ID, purpose); err != nil {
				return err
			}
		}
		entered, err = s.replace(ctx, tx, actor, known.ID, replacement{hash, cmd.Device})
		return err
	})
	return entered, err
}

type replacement struct{ hash, device string }

// replace stores a hash, tells the owner, and signs them in anew.
func (s *Signup) replace(
	ctx context.Context, tx *db.Tx, actor market.Actor, id market.AccountID, r replacement,
) (Entered, error) {
	if err := account.SetPassword(ctx, tx, id, r.hash); err != nil {
		return Entered{}, err
	}
	a, err := account.Find(ctx, tx, id)
	if err != nil {
		return Entered{}, err
	}
	if a.Blocked() {
		return Entered{}, account.ErrBlocked
	}
	actor.AccountID = id
	if err := note(ctx, tx, actor, "account.password", id); err != nil {
		return Entered{}, err
	}
	tell(tx, a, "mail.password_changed", "/forgot", "")
	return enter(ctx, tx, actor, a, r.device)
}

// ChangePasswordCmd replaces a password by somebody who knows it.
type ChangePasswordCmd struct {
	Old, Password, Device string
}

// ChangePassword sets a new password and ends every other sign-in; API tokens stay.
func (s *Signup) ChangePassword(ctx context.Context, actor market.Actor, cmd ChangePasswordCmd) (Entered, error) {
	known, err := s.prove(ctx, actor, cmd.Old)
	if err != nil {
		return Entered{}, err
	}
	if refusal := account.CheckPassword(cmd.Password, known.EmailKey, known.Name); refusal != nil {
		return Entered{}, refusal
	}
	hash, err := s.Hasher.Hash(ctx, cmd.Password)
	if err != nil {
		return Entered{}, err
	}
	var entered Entered
	err = s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		entered, err = s.replace(ctx, tx, actor, known.ID, replacement{hash, cmd.Device})
		return err
	})
	return entered, err
}

// prove asks the actor for the present password, with few tries: a screen left open must not give an account away.
func (s *Signup) prove(ctx context.Context, actor market.Actor, password string) (account.Account, error) {
	if err := right.Check(actor, right.AccountEdit, right.Mine(actor.AccountID)); err != nil {
		return account.Account{}, err
	}
	a, err := account.Find(ctx, s.DB, actor.AccountID)
	if err != nil {
		return account.Account{}, err
	}
	if err := s.Limits.Take(ctx, oldPassword(), string(a.ID)); err != nil {
		return account.Account{}, err
	}
	fits, _, err := s.Hasher.Verify(ctx, a.PasswordHash, password)
	if err == nil && !fits {
		err = account.ErrPasswordWrong.On("old")
	}
	return a, err
}
