package request

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/kit/session"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/asset"
)

// flashKey names what the next page says first in the browser's session.
const flashKey = "flash"

// LanguageCookie holds the language a reader picked.
const LanguageCookie = "lang"

// Request is one request on its way: the HTTP request, who asks, in which language, and when.
type Request struct {
	*http.Request
	W     http.ResponseWriter
	Actor market.Actor
	Loc   *i18n.Localizer
	Now   time.Time
	frame *Frame
	// bare says that the browser's session was not read: nothing may look for it.
	bare bool
}

// guest opens a request without looking at its session: for answers that come before or after everything else.
func (f *Frame) guest(w http.ResponseWriter, r *http.Request) *Request {
	loc := f.Bundle.For(f.language(r))
	return &Request{
		Request: r, W: w, Loc: loc, Now: f.DB.Clock().Now(), frame: f, bare: true,
		Actor: market.Actor{Locale: loc.Lang(), Address: f.address(r)},
	}
}

func (f *Frame) language(r *http.Request) string {
	picked := ""
	if cookie, err := r.Cookie(LanguageCookie); err == nil {
		picked = cookie.Value
	}
	return i18n.Negotiate(r.Header.Get("Accept-Language"), picked)
}

// open finds out who asks. A sign-in that ended is forgotten, and the reader goes on as a guest.
func (f *Frame) open(w http.ResponseWriter, r *http.Request) (*Request, error) {
	q := f.guest(w, r)
	q.bare = false
	who, ok := f.Sessions.SignedIn(r.Context())
	if !ok {
		return q, nil
	}
	seen, err := account.ActorBySession(r.Context(), f.DB, who.SessionID, q.Now)
	switch {
	case errors.Is(err, account.ErrSignedOut), errors.Is(err, account.ErrBlocked), errors.Is(err, account.ErrUnknown):
		return q, f.Sessions.SignOut(r.Context())
	case err != nil:
		return q, err
	}
	if seen.Due && f.Seen != nil {
		if err := f.Seen(r.Context(), who.SessionID); err != nil {
			f.Log.Warn("sight of a sign-in not written", "session", who.SessionID, "error", err)
		}
	}
	address := q.Actor.Address
	q.Actor = seen.Actor
	q.Actor.Address = address
	if _, err := r.Cookie(LanguageCookie); err != nil {
		q.Loc = f.Bundle.For(q.Actor.Locale)
	}
	q.Actor.Locale = q.Loc.Lang()
	return q, nil
}

// Form reads the body's fields. The error is an answer already: return it.
func (r *Request) Form() (*form.Form, error) { return r.FormOf(form.Options{}) }

// FormOf reads a body with files, within the given bounds.
func (r *Request) FormOf(options form.Options) (*form.Form, error) {
	if limit, ok := r.Body.(*bodyLimit); ok {
		limit.lifted = true // the form has bounds of its own
	}
	return form.Read(r.W, r.Request, options)
}

// Query reads the address's values, as search pages need.
func (r *Request) Query() (*form.Form, error) { return form.Query(r.Request) }

// Fragment reports that a script asks for a part of a page.
func (r *Request) Fragment() bool {
	return r.Header.Get("HX-Request") == "true" && r.Header.Get("HX-Boosted") != "true"
}

// Session is the id of the present sign-in, "" for a guest.
func (r *Request) Session() string {
	who, _ := r.frame.Sessions.SignedIn(r.Context())
	return who.SessionID
}

// Enter makes the browser carry a sign-in. The browser's token changes, so that one planted before is worth nothing.
func (r *Request) Enter(who session.Identity) error { return r.frame.Sessions.SignIn(r.Context(), who) }

// EnteredAt is when the present sign-in was made, zero for a guest: for acts that want a fresh one.
func (r *Request) EnteredAt() time.Time {
	who, _ := r.frame.Sessions.SignedIn(r.Context())
	return who.At
}

// Leave forgets the browser's session.
func (r *Request) Leave() error { return r.frame.Sessions.SignOut(r.Context()) }

// Keep puts a text into the browser's session, for a journey of several pages.
func (r *Request) Keep(key, value string) { r.frame.Sessions.Put(r.Context(), "own."+key, value) }

// Kept gives a text that Keep put there, "" when there is none.
func (r *Request) Kept(key string) string { return r.frame.Sessions.Get(r.Context(), "own."+key) }

// NewKey makes an idempotency key for a form.
func (r *Request) NewKey() string { return r.frame.DB.IDs().New("key") }

// Demo reports an instance of the demonstration town.
func (r *Request) Demo() bool { return r.frame.Demo }

// Base is the public origin of the instance.
func (r *Request) Base() string { return r.frame.Base }

// Allow widens the content policy for this answer; call it before rendering.
func (r *Request) Allow(policy asset.Policy) { setPolicy(r.W.Header(), policy) }

// Next gives the local address to come back to, from the field or query value "next", or the fallback.
func (r *Request) Next(value, fallback string) string {
	if local(value) {
		return value
	}
	return fallback
}

// local accepts only addresses on this site: "//evil", "/\evil" and "https:evil" lead away.
func local(address string) bool {
	if len(address) > 2000 || !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") ||
		strings.ContainsAny(address, "\\\r\n\t\x00") {
		return false
	}
	parsed, err := url.Parse(address)
	return err == nil && parsed.Host == "" && parsed.Scheme == ""
}

// SignInFirst leads a guest to the sign-in page and, after it, back to where they were.
func (r *Request) SignInFirst() error {
	back := r.URL.RequestURI()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		back = r.cameFrom()
	}
	return r.Redirect("/signin?next=" + url.QueryEscape(r.Next(back, "/")))
}

// cameFrom is the page whose form was sent, if it was one of ours.
func (r *Request) cameFrom() string {
	referer, err := url.Parse(r.Referer())
	if err != nil || referer.Host != r.Host {
		return "/"
	}
	return referer.RequestURI()
}

// Redirect leads to another local address with a GET; a script that asked for a fragment loads the whole page.
func (r *Request) Redirect(address string) error {
	if r.Fragment() {
		r.W.Header().Set("HX-Redirect", address)
		r.W.WriteHeader(http.StatusNoContent)
		return nil
	}
	http.Redirect(r.W, r.Request, address, http.StatusSeeOther)
	return nil
}

// Render writes a page with status 200, or a fragment in the reader's language.
func (r *Request) Render(content templ.Component) error {
	return r.RenderStatus(http.StatusOK, content)
}

// RenderStatus writes a page or a fragment with a status.
func (r *Request) RenderStatus(status int, content templ.Component) error {
	if r.Fragment() {
		content = ui.Fragment(r.Loc, content)
	}
	return ui.Render(r.W, r.Request, status, content)
}

// bodyLimit ends a body that nobody bounded otherwise.
type bodyLimit struct {
	body   io.ReadCloser
	read   int64
	lifted bool
}

func (b *bodyLimit) Read(p []byte) (int, error) {
	n, err := b.body.Read(p)
	b.read += int64(n)
	if b.read > BodyBytes && !b.lifted {
		return 0, &http.MaxBytesError{Limit: BodyBytes}
	}
	return n, err
}

func (b *bodyLimit) Close() error { return b.body.Close() }
