package account

import (
	"time"

	"github.com/dure-commerce/dure/internal/market"
)

// Account is a person who signs in.
type Account struct {
	ID           market.AccountID
	Email        string // as typed
	EmailKey     string // as found
	Name         string
	PasswordHash string // PHC form; "" signs nobody in
	Locale       string // "ko" or "en"
	Staff        market.Role
	HomeRegion   market.RegionID
	ConfirmedAt  time.Time
	BlockedAt    time.Time // zero when not blocked
	CreatedAt    time.Time
	Epoch        int64
	Version      int64
}

// Blocked reports that the operator has shut the account.
func (a Account) Blocked() bool { return !a.BlockedAt.IsZero() }

// Pending is a sign-up whose address is not confirmed yet.
type Pending struct {
	ID           string
	Email        string
	EmailKey     string
	Name         string
	PasswordHash string
	Locale       string
	CreatedAt    time.Time
	ExpiresAt    time.Time
}

// Purpose is what a token is good for.
type Purpose string

// Purposes of tokens.
const (
	PurposeSetup   Purpose = "setup"   // makes the first admin of an instance
	PurposeConfirm Purpose = "confirm" // turns a sign-up into an account
	PurposeReset   Purpose = "reset"   // sets a new password
	PurposeAPI     Purpose = "api"     // speaks for the account to the API
)

// Token is a kept token; the token itself is never kept.
type Token struct {
	ID        string
	AccountID market.AccountID // of reset and API tokens
	PendingID string           // of confirmation tokens
	Purpose   Purpose
	Label     string
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    time.Time // also the instant it was revoked
}

// Session is one sign-in, as its owner sees it.
type Session struct {
	ID        string
	AccountID market.AccountID
	Device    string // the browser's own words, shortened
	Address   string
	CreatedAt time.Time
	SeenAt    time.Time
}

// Prefixes of this noun's further ids.
const (
	PrefixPending = "pnd"
	PrefixToken   = "tok"
	PrefixSession = "ses"
)

// Limits of this noun.
const (
	NameMax  = 40 // characters
	LabelMax = 40 // characters of a token's label

	PendingHours    = 72 // a confirmation link's life
	ResetMinutes    = 60 // a reset link's life
	SetupHours      = 24 // a setup link's life
	TokenDaysMax    = 365
	TokensMax       = 20 // API tokens alive at once
	SeenMinutes     = 15 // a session's last sight is written at most so often
	SessionDays     = 30
	deviceMax       = 200 // bytes kept of what a browser says of itself
	PendingPerEmail = 3   // links to one address in an hour
)
