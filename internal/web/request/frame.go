package request

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"strings"
	"unicode/utf8"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/kit/session"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Frame holds what every request needs; make one at the start and share it.
type Frame struct {
	DB       *db.DB // gives clock and ids too
	Bundle   *i18n.Bundle
	Sessions *session.Sessions
	Log      *slog.Logger
	// Base is the public origin, "https://dure.example", in front of canonical addresses and links in mails.
	Base string
	// Secure says that browsers reach us by HTTPS, so that they are told to keep to it.
	Secure bool
	// Proxies are the networks whose X-Forwarded-For is believed; none means the peer's own address counts.
	Proxies []netip.Prefix
	// Origins are further origins whose forms may post here.
	Origins []string
	Seller  ui.Seller
	// Demo marks an instance of the demonstration town; Ribbon then gives the words and the one-click sign-ins.
	Demo   bool
	Ribbon func(loc ui.Loc, path string) *ui.Demo
	// Unread counts a person's unread notices for the bell; nil shows none.
	Unread func(ctx context.Context, actor market.Actor) int64
	// Seen writes that a sign-in is still in use; nil writes nothing.
	Seen func(ctx context.Context, session string) error
	// Place gives the neighbourhood a shopper looks at; nil shows none.
	Place func(r *Request) ui.Place
}

// Handler answers one request; an error becomes a status and a page.
type Handler func(r *Request) error

// BodyBytes bounds a request's body before any form is read; forms with files have their own, higher bound.
const BodyBytes = 1 << 20

// Handle wraps a handler with everything a page needs.
func (f *Frame) Handle(handler Handler) http.Handler { return f.HandleAbroad(handler, nil) }

// HandleAbroad is Handle for a write that foreign pages may lead to: what comes from one of them is answered by abroad,
// as a guest's and without the browser's session. It must change nothing.
func (f *Frame) HandleAbroad(handler, abroad Handler) http.Handler {
	var next http.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		request, err := f.open(w, r)
		if err == nil && !readable(r.URL.Path) {
			err = ErrNoPage
		}
		if err == nil {
			err = handler(request)
		}
		if err != nil {
			request.answer(err)
		}
	})
	next = f.Sessions.Middleware(next)
	next = f.sameOrigin(next, abroad)
	next = f.headers(next)
	return f.rescue(next)
}

// readable reports that an address is text: nothing that we ever made has another.
func readable(path string) bool { return utf8.ValidString(path) && !strings.ContainsRune(path, 0) }

// Signed is Handle for pages that make no sense without a sign-in: a guest is led to the sign-in page and back.
func (f *Frame) Signed(handler Handler) http.Handler {
	return f.Handle(func(r *Request) error {
		if !r.Actor.SignedIn() {
			return r.SignInFirst()
		}
		return handler(r)
	})
}

// Missing answers every address that no route knows.
func (f *Frame) Missing() http.Handler {
	return f.Handle(func(*Request) error { return ErrNoPage })
}
