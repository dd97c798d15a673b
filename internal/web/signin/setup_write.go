package signin

import (
	"errors"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/signup"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// deadSetup answers a setup link that was used or is too old: a new one is printed when the program starts again.
func deadSetup(r *request.Request, err error) error {
	if !errors.Is(err, account.ErrLink) && !errors.Is(err, account.ErrStaffExists) {
		return err
	}
	text := r.Loc.T("signin.setup.dead")
	if errors.Is(err, account.ErrStaffExists) {
		text = r.Say(err)
	}
	return r.RenderStatus(goneStatus, deadPage(page(r, "signin.dead.title"), text,
		ui.Button{Label: r.Loc.T("signin.dead.signin"), Look: ui.Primary, Href: "/signin"}))
}

func (d Deps) setupForm(r *request.Request) error {
	secret := r.URL.Query().Get("t")
	if err := d.Signup.Settable(r.Context(), secret); err != nil {
		return deadSetup(r, err)
	}
	return r.Render(setupPage(page(r, "signin.setup.title"), person{Secret: secret}))
}

func (d Deps) setup(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	values := form.Values()
	cmd := signup.FirstRunCmd{
		Secret: form.Text("t", 0, secretMax), Device: device(r),
		SignUpCmd: signup.SignUpCmd{
			Email: values.Get("email"), Name: values.Get("name"), Password: form.Secret("password", 0, secretMax),
			Locale: r.Actor.Locale,
		},
	}
	entered, err := d.Signup.FirstRun(r.Context(), r.Actor, cmd)
	if errors.Is(err, account.ErrLink) || errors.Is(err, account.ErrStaffExists) {
		return deadSetup(r, err)
	}
	if err != nil {
		return r.Fail(err, func(p request.Problems) templ.Component {
			return setupPage(page(r, "signin.setup.title"), person{
				Email: cmd.Email, Name: cmd.Name, Secret: cmd.Secret, Problems: p,
			})
		})
	}
	r.Flash(ui.Act, "signin.setup.done")
	return enter(r, entered, "/admin")
}
