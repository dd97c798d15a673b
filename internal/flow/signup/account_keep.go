package signup

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/right"
)

// ProfileCmd is what a person may change of themselves at once.
type ProfileCmd struct {
	Name, Locale string
	HomeRegion   market.RegionID // "" for none; the page offers regions that exist
}

// UpdateProfile changes name, language and home region.
func (s *Signup) UpdateProfile(ctx context.Context, actor market.Actor, cmd ProfileCmd) error {
	if err := right.Check(actor, right.AccountEdit, right.Mine(actor.AccountID)); err != nil {
		return err
	}
	var faults fail.List
	name, refusal := account.ParseName(cmd.Name)
	if refusal != nil {
		faults = append(faults, refusal)
	}
	if refusal := account.CheckLocale(cmd.Locale); refusal != nil {
		faults = append(faults, refusal)
	}
	if err := faults.Err(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		return account.SetProfile(ctx, tx, account.Account{
			ID: actor.AccountID, Name: name, Locale: cmd.Locale, HomeRegion: cmd.HomeRegion,
		})
	})
}

// TokenCmd asks for an API token; the password proves that it is not just an open screen.
type TokenCmd struct {
	Label, Password string
	Days            int
}

// IssueToken gives a new API token. It is shown once: only its hash is kept.
func (s *Signup) IssueToken(ctx context.Context, actor market.Actor, cmd TokenCmd) (secret string, err error) {
	label, refusal := account.ParseLabel(cmd.Label)
	var faults fail.List
	if refusal != nil {
		faults = append(faults, refusal)
	}
	if refusal := account.CheckTokenDays(cmd.Days); refusal != nil {
		faults = append(faults, refusal)
	}
	if err := faults.Err(); err != nil {
		return "", err
	}
	if _, err := s.prove(ctx, actor, cmd.Password); err != nil {
		return "", err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := account.RoomForToken(ctx, tx, actor.AccountID); err != nil {
			return err
		}
		secret, err = account.Issue(ctx, tx, account.Token{
			AccountID: actor.AccountID, Purpose: account.PurposeAPI, Label: label,
			ExpiresAt: account.TokenUntil(tx.Now(), cmd.Days),
		})
		if err != nil {
			return err
		}
		return note(ctx, tx, actor, "account.token_issue", actor.AccountID)
	})
	return secret, err
}

// RevokeToken ends one API token of the actor.
func (s *Signup) RevokeToken(ctx context.Context, actor market.Actor, token string) error {
	if err := right.Check(actor, right.AccountEdit, right.Mine(actor.AccountID)); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := account.Revoke(ctx, tx, actor.AccountID, token); err != nil {
			return err
		}
		return note(ctx, tx, actor, "account.token_revoke", actor.AccountID)
	})
}
