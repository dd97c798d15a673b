package signin

import (
	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/signup"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// refused draws the account page again with what was wrong in one of its forms.
func (d Deps) refused(r *request.Request, err error, form string, typed func(*mine)) error {
	m, loadErr := d.load(r)
	if loadErr != nil {
		return loadErr
	}
	return r.Fail(err, func(p request.Problems) templ.Component {
		m.At, m.Form = p, form
		if typed != nil {
			typed(&m)
		}
		return accountPage(accountFrame(r), m)
	})
}

func (d Deps) profileSave(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	known, err := account.Find(r.Context(), d.Signup.DB, r.Actor.AccountID)
	if err != nil {
		return err
	}
	values := form.Values()
	cmd := signup.ProfileCmd{
		Name: values.Get("name"), Locale: values.Get("locale"), HomeRegion: known.HomeRegion,
	}
	if err := d.Signup.UpdateProfile(r.Context(), r.Actor, cmd); err != nil {
		return d.refused(r, err, "profile", func(m *mine) { m.Name, m.Locale = cmd.Name, cmd.Locale })
	}
	r.Flash(ui.Act, "signin.account.saved")
	return r.Redirect("/account")
}

func (d Deps) passwordChange(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	entered, err := d.Signup.ChangePassword(r.Context(), r.Actor, signup.ChangePasswordCmd{
		Old: form.Secret("old", 0, secretMax), Password: form.Secret("password", 0, secretMax), Device: device(r),
	})
	if err != nil {
		return d.refused(r, err, "password", nil)
	}
	r.Flash(ui.Act, "signin.account.password_done")
	return enter(r, entered, "/account")
}

func (d Deps) sessionEnd(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	session := form.Text("session", 1, idMax)
	if err := form.Err(); err != nil {
		return err
	}
	if session == r.Session() {
		return d.signOut(r)
	}
	if err := d.Signup.SignOut(r.Context(), r.Actor, session); err != nil {
		return err
	}
	r.Flash(ui.Act, "signin.account.session_done")
	return r.Redirect("/account#sessions")
}

const idMax = 64

func (d Deps) sessionsEnd(r *request.Request) error {
	entered, err := d.Signup.SignOutElsewhere(r.Context(), r.Actor, device(r))
	if err != nil {
		return err
	}
	r.Flash(ui.Act, "signin.account.sessions_done")
	return enter(r, entered, "/account#sessions")
}

func (d Deps) tokenIssue(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	cmd := signup.TokenCmd{
		Label: form.Values().Get("label"), Password: form.Secret("password", 0, secretMax),
		Days: int(form.Int("days", 1, account.TokenDaysMax)),
	}
	fresh, err := d.Signup.IssueToken(r.Context(), r.Actor, cmd)
	if err != nil {
		return d.refused(r, err, "token", func(m *mine) { m.Label = cmd.Label })
	}
	m, err := d.load(r)
	if err != nil {
		return err
	}
	m.Fresh = fresh
	return r.Render(accountPage(accountFrame(r), m))
}

func (d Deps) tokenRevoke(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	token := form.Text("token", 1, idMax)
	if err := form.Err(); err != nil {
		return err
	}
	if err := d.Signup.RevokeToken(r.Context(), r.Actor, token); err != nil {
		return err
	}
	r.Flash(ui.Act, "signin.account.token_done")
	return r.Redirect("/account#tokens")
}
