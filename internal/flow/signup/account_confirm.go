package signup

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
)

// Confirmable gives the sign-up behind a link's secret, for the page that asks to confirm it.
func (s *Signup) Confirmable(ctx context.Context, secret string) (account.Pending, error) {
	now := s.DB.Clock().Now()
	token, err := account.Peek(ctx, s.DB, account.PurposeConfirm, secret, now)
	if err != nil {
		return account.Pending{}, err
	}
	return account.FindPending(ctx, s.DB, token.PendingID, now)
}

// ConfirmCmd shows a link's secret and who chose the password: the browser that signed up, or somebody who knows it.
type ConfirmCmd struct {
	Secret    string
	Password  string // not needed when PendingID fits
	PendingID string // what SignUp gave, kept by the browser's session
	Device    string
}

// Confirm makes the account and signs its owner in. Link and password together prove that the mailbox and the sign-up
// are the same person's: whoever prepared a password for somebody else's address never gets in.
func (s *Signup) Confirm(ctx context.Context, actor market.Actor, cmd ConfirmCmd) (Entered, error) {
	p, err := s.Confirmable(ctx, cmd.Secret)
	if err != nil {
		return Entered{}, err
	}
	if cmd.PendingID != p.ID {
		if err := s.knows(ctx, p, cmd.Password); err != nil {
			return Entered{}, err
		}
	}
	var entered Entered
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := account.Use(ctx, tx, account.PurposeConfirm, cmd.Secret); err != nil {
			return err
		}
		a, err := account.Become(ctx, tx, p)
		if err != nil {
			return err
		}
		entered, err = enter(ctx, tx, actor, a, cmd.Device)
		return err
	})
	return entered, err
}

// knows refuses whoever does not know the password of a sign-up.
func (s *Signup) knows(ctx context.Context, p account.Pending, password string) error {
	if err := s.Limits.Take(ctx, confirmTries(), p.ID); err != nil {
		return err
	}
	fits, _, err := s.Hasher.Verify(ctx, p.PasswordHash, password)
	if err == nil && !fits {
		return account.ErrPasswordWrong.On("password")
	}
	return err
}
