package signup

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
)

// SignUpCmd is what somebody types to become a member.
type SignUpCmd struct {
	Email, Name, Password, Locale string
}

// parse checks every field, so that all faults are told at once.
func (c SignUpCmd) parse() (account.Pending, error) {
	p, faults := whoTyped(c.Email, c.Name, c.Locale)
	if refusal := account.CheckPassword(c.Password, p.EmailKey, p.Name); refusal != nil {
		faults = append(faults, refusal)
	}
	return p, faults.Err()
}

// whoTyped checks what makes somebody known, whoever typed it.
func whoTyped(email, name, locale string) (p account.Pending, faults fail.List) {
	keep := func(refusal *fail.Error) {
		if refusal != nil {
			faults = append(faults, refusal)
		}
	}
	var refusal *fail.Error
	p.Email, p.EmailKey, refusal = account.ParseEmail(email)
	keep(refusal)
	p.Name, refusal = account.ParseName(name)
	keep(refusal)
	p.Locale = locale
	keep(account.CheckLocale(locale))
	return p, faults
}

// SignUp notes a sign-up and lets a mail go out. The answer is the same whether or not the address has an account; the
// id is for the browser in which it happened, which then need not type the password again.
func (s *Signup) SignUp(ctx context.Context, actor market.Actor, cmd SignUpCmd) (pendingID string, err error) {
	p, err := cmd.parse()
	if err != nil {
		return "", err
	}
	if err := s.Limits.Take(ctx, askAddress(), actor.Address); err != nil {
		return "", err
	}
	if p.PasswordHash, err = s.Hasher.Hash(ctx, cmd.Password); err != nil {
		return "", err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		p.ID = tx.NewID(account.PrefixPending)
		p.CreatedAt, p.ExpiresAt = tx.Now(), account.PendingUntil(tx.Now())
		tx.Enqueue(db.Job{Kind: KindGreet, Key: p.ID, Payload: greeting{PendingID: p.ID}})
		return account.InsertPending(ctx, tx, p)
	})
	return p.ID, err
}

// RequestReset lets a link to a new password go out, if the address has an account; the answer never tells.
func (s *Signup) RequestReset(ctx context.Context, actor market.Actor, email string) error {
	_, key, refusal := account.ParseEmail(email)
	if refusal != nil {
		return refusal
	}
	if err := s.Limits.Take(ctx, askAddress(), actor.Address); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		tx.Enqueue(db.Job{Kind: KindReset, Payload: resetting{EmailKey: key}})
		return nil
	})
}
