package signin

import (
	"context"
	"net/http"

	"github.com/dure-commerce/dure/internal/flow/signup"
	"github.com/dure-commerce/dure/internal/kit/mail"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Deps are what the pages work with.
type Deps struct {
	Frame  *request.Frame
	Signup *signup.Signup
	// Box holds the mails of a demonstration; nil outside.
	Box *mail.Box
}

// Routes mounts every address of the doors.
func Routes(mux *http.ServeMux, d Deps) {
	f := d.Frame
	mux.Handle("GET /signup", f.Handle(d.signUpForm))
	mux.Handle("POST /signup", f.Handle(d.signUp))
	mux.Handle("GET /signup/sent", f.Handle(d.signUpSent))
	mux.Handle("GET /signup/confirm", f.Handle(d.confirmForm))
	mux.Handle("POST /signup/confirm", f.Handle(d.confirm))

	mux.Handle("GET /signin", f.Handle(d.signInForm))
	mux.Handle("POST /signin", f.Handle(d.signIn))
	mux.Handle("POST /signout", f.Handle(d.signOut))
	mux.Handle("GET /forgot", f.Handle(d.forgotForm))
	mux.Handle("POST /forgot", f.Handle(d.forgot))
	mux.Handle("GET /forgot/sent", f.Handle(d.forgotSent))
	mux.Handle("GET /reset", f.Handle(d.resetForm))
	mux.Handle("POST /reset", f.Handle(d.reset))
	mux.Handle("GET /setup", f.Handle(d.setupForm))
	mux.Handle("POST /setup", f.Handle(d.setup))

	mux.Handle("GET /me", f.Handle(d.me))
	mux.Handle("GET /account", f.Signed(d.accountShow))
	mux.Handle("POST /account/profile", f.Signed(d.profileSave))
	mux.Handle("POST /account/password", f.Signed(d.passwordChange))
	mux.Handle("POST /account/sessions/end", f.Signed(d.sessionEnd))
	mux.Handle("POST /account/sessions/end-others", f.Signed(d.sessionsEnd))
	mux.Handle("POST /account/tokens", f.Signed(d.tokenIssue))
	mux.Handle("POST /account/tokens/revoke", f.Signed(d.tokenRevoke))

	if f.Demo && d.Box != nil {
		mux.Handle("GET /outbox", f.Handle(d.outboxList))
		mux.Handle("GET /outbox/{mail}", f.Handle(d.outboxShow))
	}
}

func say(ctx context.Context, key string, pairs ...any) string { return ui.L(ctx).T(key, pairs...) }

// page begins a page of the doors: never for search engines, since links carry secrets.
func page(r *request.Request, key string) ui.Page {
	p := r.Page(r.Loc.T(key))
	p.NoIndex = true
	// The language switch would carry a link's secret in its own address; the page is reached again by the mail.
	p.Path = r.URL.Path
	return p
}

// enter keeps a sign-in in the browser's session and goes on.
func enter(r *request.Request, e signup.Entered, next string) error {
	if err := r.Enter(e.Identity()); err != nil {
		return err
	}
	return r.Redirect(next)
}

// device is what the browser says of itself.
func device(r *request.Request) string { return r.UserAgent() }
