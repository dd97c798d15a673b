package signup

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/limit"
	"github.com/dure-commerce/dure/internal/kit/session"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/audit"
	"github.com/dure-commerce/dure/internal/market/letter"
	"github.com/dure-commerce/dure/internal/market/right"
)

// Deps are what the journey works with.
type Deps struct {
	DB     *db.DB
	Hasher *account.Hasher
	Limits *limit.Counter
	Post   letter.Post
	// Demo opens the one-click sign-ins of the demonstration town.
	Demo bool
}

// Signup runs the journey.
type Signup struct{ Deps }

// New makes the journey.
func New(deps Deps) *Signup { return &Signup{deps} }

// Entered is a sign-in that just began, as the browser's session keeps it.
type Entered struct {
	AccountID market.AccountID
	SessionID string
	Epoch     int64
	At        time.Time
}

// Identity is the sign-in as the browser's session keeps it.
func (e Entered) Identity() session.Identity {
	return session.Identity{AccountID: string(e.AccountID), SessionID: e.SessionID, Epoch: e.Epoch, At: e.At}
}

// Limits of tries. A person mistypes a few times; a list of stolen passwords tries thousands. Keys are addresses of
// mail and of the network as they were given, so that limits say nothing about which accounts exist.
func signInPair() limit.Rule {
	return limit.Rule{Name: "signin.pair", Max: 5, Per: 15 * time.Minute}
}

func signInAccount() limit.Rule {
	return limit.Rule{Name: "signin.account", Max: 50, Per: 15 * time.Minute}
}

func signInAddress() limit.Rule {
	return limit.Rule{Name: "signin.address", Max: 100, Per: 15 * time.Minute}
}

func askAddress() limit.Rule { return limit.Rule{Name: "signup.address", Max: 20, Per: time.Hour} }

func resetMails() limit.Rule { return limit.Rule{Name: "signup.reset", Max: 3, Per: time.Hour} }

func confirmTries() limit.Rule {
	return limit.Rule{Name: "signup.confirm", Max: 5, Per: 15 * time.Minute}
}

func oldPassword() limit.Rule { return limit.Rule{Name: "signup.old", Max: 5, Per: 15 * time.Minute} }

// enter opens a sign-in of an account in the transaction.
func enter(ctx context.Context, tx *db.Tx, actor market.Actor, a account.Account, device string) (Entered, error) {
	id, err := account.Open(ctx, tx, a, device, actor.Address)
	if err != nil {
		return Entered{}, err
	}
	actor.AccountID = a.ID
	err = audit.Write(ctx, tx, actor, audit.Act{Action: "account.enter", Resource: string(a.ID)})
	return Entered{AccountID: a.ID, SessionID: id, Epoch: a.Epoch, At: tx.Now()}, err
}

// note writes an act on an account into the audit log.
func note(ctx context.Context, tx *db.Tx, actor market.Actor, action right.Action, id market.AccountID) error {
	return audit.Write(ctx, tx, actor, audit.Act{Action: string(action), Resource: string(id)})
}

// tell mails an account something that is no secret.
func tell(tx *db.Tx, a account.Account, key, href, once string) {
	letter.Send(tx, letter.Letter{To: a.Email, Name: a.Name, Locale: a.Locale, Key: key, Href: href, Once: once})
}
