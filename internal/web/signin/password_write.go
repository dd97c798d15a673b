package signin

import (
	"errors"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/signup"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

func (d Deps) forgotForm(r *request.Request) error {
	return r.Render(forgotPage(page(r, "signin.forgot.title"), person{}))
}

func (d Deps) forgot(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	email := form.Values().Get("email")
	if err := d.Signup.RequestReset(r.Context(), r.Actor, email); err != nil {
		return r.Fail(err, func(p request.Problems) templ.Component {
			return forgotPage(page(r, "signin.forgot.title"), person{Email: email, Problems: p})
		})
	}
	r.Keep(sentKey, email)
	return r.Redirect("/forgot/sent")
}

func (d Deps) forgotSent(r *request.Request) error {
	return r.Render(sentPage(page(r, "signin.sent.title"), sent{
		To: r.Kept(sentKey), Text: r.Loc.T("signin.sent.reset"), Again: "/forgot", Demo: r.Demo(),
	}))
}

func (d Deps) resetForm(r *request.Request) error {
	secret := r.URL.Query().Get("t")
	if err := d.Signup.Resettable(r.Context(), secret); err != nil {
		return deadLink(r, err, "/forgot", "signin.dead.forgot")
	}
	return r.Render(resetPage(page(r, "signin.reset.title"), person{Secret: secret}))
}

func (d Deps) reset(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	cmd := signup.ResetCmd{
		Secret: form.Text("t", 0, secretMax), Password: form.Secret("password", 0, secretMax), Device: device(r),
	}
	entered, err := d.Signup.Reset(r.Context(), r.Actor, cmd)
	if errors.Is(err, account.ErrLink) {
		return deadLink(r, err, "/forgot", "signin.dead.forgot")
	}
	if err != nil {
		return r.Fail(err, func(p request.Problems) templ.Component {
			return resetPage(page(r, "signin.reset.title"), person{Secret: cmd.Secret, Problems: p})
		})
	}
	r.Flash(ui.Act, "signin.reset.done")
	return enter(r, entered, "/me")
}
