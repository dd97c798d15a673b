package signin

import (
	"errors"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/signup"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// pendingKey keeps which sign-up this browser began, so that confirming it here needs no password.
const pendingKey = "signup.pending"

// person is what the forms of signing up and of the first setup hold.
type person struct {
	Email, Name, Next, Secret string
	Problems                  request.Problems
}

func (d Deps) signUpForm(r *request.Request) error {
	next := r.Next(r.URL.Query().Get("next"), "")
	if r.Actor.SignedIn() {
		return r.Redirect(r.Next(next, "/me"))
	}
	return r.Render(signUpPage(page(r, "signin.up.title"), person{Next: next}))
}

func (d Deps) signUp(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	next := r.Next(form.Text("next", 0, nextMax), "")
	password := form.Secret("password", 0, secretMax)
	values := form.Values()
	cmd := signup.SignUpCmd{
		Email: values.Get("email"), Name: values.Get("name"), Password: password, Locale: r.Actor.Locale,
	}
	id, err := d.Signup.SignUp(r.Context(), r.Actor, cmd)
	if err != nil {
		return r.Fail(err, func(p request.Problems) templ.Component {
			return signUpPage(page(r, "signin.up.title"), person{Email: cmd.Email, Name: cmd.Name, Next: next, Problems: p})
		})
	}
	r.Keep(pendingKey, id)
	r.Keep(nextKey, next)
	r.Keep(sentKey, cmd.Email)
	return r.Redirect("/signup/sent")
}

func (d Deps) signUpSent(r *request.Request) error {
	return r.Render(sentPage(page(r, "signin.sent.title"), sent{
		To: r.Kept(sentKey), Text: r.Loc.T("signin.sent.confirm"), Again: "/signup", Demo: r.Demo(),
	}))
}

const (
	nextKey   = "signin.next"
	sentKey   = "signin.sent"
	nextMax   = 2000
	secretMax = 4096 // more than any password may have, so that the rule can say so itself
)

// sent is the page after a mail went out, or did not: it never tells which.
type sent struct {
	To, Text, Again string
	Demo            bool
}

// confirming is the page behind a confirmation link.
type confirming struct {
	Secret, Email string
	Known         bool // this browser began the sign-up
	Problems      request.Problems
}

func (d Deps) confirmForm(r *request.Request) error {
	secret := r.URL.Query().Get("t")
	p, err := d.Signup.Confirmable(r.Context(), secret)
	if err != nil {
		return deadLink(r, err, "/signup", "signin.dead.signup")
	}
	return r.Render(confirmPage(page(r, "signin.confirm.title"), confirming{
		Secret: secret, Email: p.Email, Known: r.Kept(pendingKey) == p.ID,
	}))
}

func (d Deps) confirm(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	cmd := signup.ConfirmCmd{
		Secret: form.Text("t", 0, secretMax), Password: form.Secret("password", 0, secretMax),
		PendingID: r.Kept(pendingKey), Device: device(r),
	}
	entered, err := d.Signup.Confirm(r.Context(), r.Actor, cmd)
	if errors.Is(err, account.ErrLink) || errors.Is(err, account.ErrTaken) {
		return deadLink(r, err, "/signin", "signin.dead.signin")
	}
	if err != nil {
		return r.Fail(err, func(problems request.Problems) templ.Component {
			view := confirming{Secret: cmd.Secret, Problems: problems}
			if p, err := d.Signup.Confirmable(r.Context(), cmd.Secret); err == nil {
				view.Email = p.Email
			}
			return confirmPage(page(r, "signin.confirm.title"), view)
		})
	}
	next := r.Next(r.Kept(nextKey), "/")
	r.Keep(pendingKey, "")
	r.Keep(nextKey, "")
	r.Flash(ui.Act, "signin.welcome")
	return enter(r, entered, next)
}

// deadLink answers a link that is no longer good with the way to a new one.
func deadLink(r *request.Request, err error, href, label string) error {
	if !errors.Is(err, account.ErrLink) && !errors.Is(err, account.ErrTaken) {
		return err
	}
	return r.RenderStatus(goneStatus, deadPage(page(r, "signin.dead.title"), r.Say(err),
		ui.Button{Label: r.Loc.T(label), Look: ui.Primary, Href: href}))
}
