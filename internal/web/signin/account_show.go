package signin

import (
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// mine is one's own account as its page shows it.
type mine struct {
	Account  account.Account
	Sessions []account.Session
	Tokens   []account.Token
	Present  string // id of the sign-in that looks
	Fresh    string // an API token just made, shown this once
	At       request.Problems
	Form     string // which of the page's forms the problems belong to
	Name     string // as typed, when it was refused
	Locale   string
	Label    string
}

// of gives the problems of one form of the page.
func (m mine) of(form string) request.Problems {
	if m.Form == form {
		return m.At
	}
	return nil
}

func (d Deps) me(r *request.Request) error {
	return r.Render(mePage(page(r, "signin.me.title"), r.Actor.SignedIn()))
}

// load reads everything the account page shows from one consistent view.
func (d Deps) load(r *request.Request) (mine, error) {
	m := mine{Present: r.Session()}
	err := d.Signup.DB.Read(r.Context(), func(q *db.ReadTx) (err error) {
		if m.Account, err = account.Find(r.Context(), q, r.Actor.AccountID); err != nil {
			return err
		}
		if m.Sessions, err = account.ListSessions(r.Context(), q, r.Actor.AccountID, r.Now); err != nil {
			return err
		}
		m.Tokens, err = account.ListTokens(r.Context(), q, r.Actor.AccountID, r.Now)
		return err
	})
	m.Name, m.Locale = m.Account.Name, m.Account.Locale
	return m, err
}

func (d Deps) accountShow(r *request.Request) error {
	m, err := d.load(r)
	if err != nil {
		return err
	}
	return r.Render(accountPage(accountFrame(r), m))
}

func accountFrame(r *request.Request) ui.Page {
	p := page(r, "signin.account.title")
	p.Path = "/account" // the page is also drawn in answer to its forms
	p.Back, p.Heading = "/me", r.Loc.T("signin.account.title")
	return p
}
