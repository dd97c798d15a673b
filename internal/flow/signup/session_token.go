package signup

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
)

// sessionLabel marks tokens that a program got by signing in, as against those somebody made by hand.
const (
	sessionLabel = "POST /sessions"
	sessionDays  = 30
)

// Granted is a fresh token; the secret is shown once.
type Granted struct {
	Secret    string
	ExpiresAt time.Time
}

// SignInForToken lets a program in: the same checks and limits as a browser's sign-in, answered with a token. The
// oldest such token makes room when there are too many.
func (s *Signup) SignInForToken(ctx context.Context, actor market.Actor, cmd SignInCmd) (Granted, error) {
	entered, err := s.SignIn(ctx, actor, cmd)
	if err != nil {
		return Granted{}, err
	}
	var out Granted
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		// A browser's sign-in was opened on the way; a program holds a token instead.
		if err := account.End(ctx, tx, entered.AccountID, entered.SessionID); err != nil {
			return err
		}
		if err := s.makeRoom(ctx, tx, entered.AccountID); err != nil {
			return err
		}
		out.ExpiresAt = account.TokenUntil(tx.Now(), sessionDays)
		out.Secret, err = account.Issue(ctx, tx, account.Token{AccountID: entered.AccountID, Purpose: account.PurposeAPI,
			Label: sessionLabel, ExpiresAt: out.ExpiresAt})
		return err
	})
	return out, err
}

func (s *Signup) makeRoom(ctx context.Context, tx *db.Tx, id market.AccountID) error {
	tokens, err := account.ListTokens(ctx, tx, id, tx.Now())
	if err != nil || len(tokens) < account.TokensMax {
		return err
	}
	oldest := account.OldestOf(tokens, sessionLabel)
	if oldest == "" {
		return account.RoomForToken(ctx, tx, id)
	}
	return account.Revoke(ctx, tx, id, oldest)
}
