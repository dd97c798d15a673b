package signin

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/signup"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

const goneStatus = http.StatusGone

// coming is the sign-in form.
type coming struct {
	Email, Next string
	Demo        bool
	Problems    request.Problems
}

// withNext gives an address that remembers where its reader was going.
func withNext(address, next string) string {
	if next == "" {
		return address
	}
	return address + "?next=" + url.QueryEscape(next)
}

func (d Deps) signInForm(r *request.Request) error {
	next := r.Next(r.URL.Query().Get("next"), "")
	if r.Actor.SignedIn() {
		return r.Redirect(r.Next(next, "/me"))
	}
	return r.Render(signInPage(page(r, "signin.in.title"), coming{Next: next, Demo: r.Demo()}))
}

func (d Deps) signIn(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	next := r.Next(form.Text("next", 0, nextMax), "")
	cmd := signup.SignInCmd{Password: form.Secret("password", 0, secretMax), Device: device(r)}
	cmd.Email = form.Values().Get("email")
	entered, err := d.Signup.SignIn(r.Context(), r.Actor, cmd)
	if err != nil {
		return r.Fail(err, func(p request.Problems) templ.Component {
			return signInPage(page(r, "signin.in.title"), coming{
				Email: cmd.Email, Next: next, Demo: r.Demo(), Problems: p,
			})
		})
	}
	return enter(r, entered, r.Next(next, "/"))
}

func (d Deps) signOut(r *request.Request) error {
	if session := r.Session(); session != "" && r.Actor.SignedIn() {
		if err := d.Signup.SignOut(r.Context(), r.Actor, session); err != nil {
			return err
		}
	}
	if err := r.Leave(); err != nil {
		return err
	}
	r.Flash(ui.Quiet, "signin.bye")
	return r.Redirect("/")
}
