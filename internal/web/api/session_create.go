package api

import (
	"context"
	"net/http"
	"time"

	"github.com/dure-commerce/dure/internal/flow/signup"
	"github.com/dure-commerce/dure/internal/market/account"
)

type sessionInput struct {
	Body struct {
		Email    string `json:"email" maxLength:"254"`
		Password string `json:"password" maxLength:"200"`
	}
}

type sessionOutput struct {
	Body Session
}

// Session is a fresh token and whom it speaks for.
type Session struct {
	Token     string    `json:"token" doc:"Send as Authorization: Bearer …; it is shown once."`
	AccountID string    `json:"account_id"`
	Name      string    `json:"name"`
	ExpiresAt time.Time `json:"expires_at"`
	Merchants []Member  `json:"merchants"`
	Staff     string    `json:"staff,omitempty"`
}

// Member is a role in a shop.
type Member struct {
	MerchantID string `json:"merchant_id"`
	BranchID   string `json:"branch_id,omitempty"`
	Role       string `json:"role"`
}

func (a *api) sessionRoutes() {
	post(a, "/sessions", "Sign in", a.createSession, open(), status(http.StatusCreated))
}

func (a *api) createSession(ctx context.Context, in *sessionInput) (*sessionOutput, error) {
	actor := actorOf(ctx)
	token, err := a.Signup.SignInForToken(ctx, actor, signup.SignInCmd{Email: in.Body.Email, Password: in.Body.Password,
		Device: "api"})
	if err != nil {
		return nil, err
	}
	known, err := account.ActorByToken(ctx, a.DB, token.Secret, a.DB.Clock().Now())
	if err != nil {
		return nil, err
	}
	out := Session{Token: token.Secret, AccountID: string(known.AccountID), Name: known.Name, ExpiresAt: token.ExpiresAt,
		Staff: string(known.Staff), Merchants: []Member{}}
	for _, m := range known.Memberships {
		out.Merchants = append(out.Merchants, Member{MerchantID: string(m.MerchantID), BranchID: string(m.BranchID),
			Role: string(m.Role)})
	}
	return &sessionOutput{Body: out}, nil
}
