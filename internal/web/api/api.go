package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/dure-commerce/dure/internal/flow/admit"
	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/flow/redeem"
	"github.com/dure-commerce/dure/internal/flow/refund"
	"github.com/dure-commerce/dure/internal/flow/replay"
	"github.com/dure-commerce/dure/internal/flow/settle"
	"github.com/dure-commerce/dure/internal/flow/signup"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/feed"
	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/voucher"
	"github.com/dure-commerce/dure/internal/web/api/wishes"
	"github.com/dure-commerce/dure/internal/web/request"
)

// Deps are what the interface works with.
type Deps struct {
	Frame     *request.Frame
	DB        *db.DB
	Words     *i18n.Bundle
	Keys      voucher.Keys
	Feed      *feed.Feed
	Bell      *feed.Bell // rings when events were numbered
	Signup    *signup.Signup
	Checkout  *checkout.Checkout
	Admit     *admit.Admit // waiting rooms; nil has none
	Refunds   *refund.Refunds
	Redeem    *redeem.Redeem
	Settle    *settle.Settle
	Simulator gateway.Simulator // nil: payments only through the gateway's page
	Wishes    wishes.Deps
	PolicyID  func() string
	Log       *slog.Logger
}

// api is the interface with its operations registered.
type api struct {
	Deps
	huma    huma.API
	actors  *callers
	answers *replay.Replay
	buffers buffers
}

// Prefix of version 1.
const Prefix = "/api/v1"

const bodyMax = 64 << 10

// Routes mounts the interface, its description and the readable page.
func Routes(mux *http.ServeMux, deps Deps) {
	config := huma.DefaultConfig("Dure API", "1.0.0")
	config.DocsPath, config.SchemasPath, config.CreateHooks = "", "", nil
	config.Info.Description = "Deals that people gather for, kept in the shop. Amounts are whole won."
	config.Info.License = &huma.License{Name: "Apache-2.0", Identifier: "Apache-2.0"}
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"bearer": {Type: "http", Scheme: "bearer", Description: "A token of POST /sessions or of the account page."}}
	a := &api{Deps: deps, answers: replay.New(deps.DB), actors: newCallers(deps.DB)}
	config.Transformers = []huma.Transformer{a.problem}
	a.huma = humago.NewWithPrefix(doors{mux, a.shortWays()}, Prefix, config)
	a.huma.UseMiddleware(a.identify)
	a.sessionRoutes()
	a.dealRoutes()
	a.orderRoutes()
	a.redemptionRoutes()
	a.statementRoutes()
	wishes.Register(wishes.Host{API: a.huma, Answers: a.answers, Actor: actorOf, BodyMax: bodyMax,
		Problem: func(ctx context.Context, err error) error { return a.problemAs(ctx, err) }}, deps.Wishes)
	a.eventRoutes(mux)
	mux.HandleFunc(Prefix+"/", func(w http.ResponseWriter, r *http.Request) { a.unknown(mux, w, r) })
	mux.Handle("GET /api", deps.Frame.Handle(a.page))
}

// unknown answers what no operation does, as a problem: a program must not be given a page.
func (a *api) unknown(mux *http.ServeMux, w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := mux.Handler(other); pattern != Prefix+"/" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		a.writeProblem(w, r, errNoOperation)
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	p := a.problemOf(r.Context(), i18n.Negotiate(r.Header.Get("Accept-Language"), ""), errOtherMethod)
	p.Status, p.Title = http.StatusMethodNotAllowed, http.StatusText(http.StatusMethodNotAllowed)
	a.write(w, p)
}

var (
	errNoOperation = fail.New(fail.NotFound, "request.no_operation")
	errOtherMethod = fail.New(fail.Invalid, "request.other_method")
)

// security of an operation that needs a token.
func signed() []map[string][]string { return []map[string][]string{{"bearer": {}}} }

type actorKey struct{}

// identify finds out who calls. A token that is wrong is refused everywhere, also where none is needed.
func (a *api) identify(ctx huma.Context, next func(huma.Context)) {
	r, _ := humago.Unwrap(ctx)
	actor, err := a.who(r, len(ctx.Operation().Security) > 0)
	if err != nil {
		a.refuse(ctx, err)
		return
	}
	next(huma.WithValue(ctx, actorKey{}, actor))
}

// who finds out who calls; signed asks for a token.
func (a *api) who(r *http.Request, signed bool) (actor market.Actor, err error) {
	if header := r.Header.Get("Authorization"); header != "" {
		secret, ok := strings.CutPrefix(header, "Bearer ")
		known, found, err := a.actors.Get(r.Context(), strings.TrimSpace(secret))
		if !ok || err == nil && !found {
			err = account.ErrToken
		}
		if err != nil {
			return actor, err
		}
		if actor = known; r.Header.Get("Accept-Language") != "" {
			actor.Locale = languageOf(r)
		}
	} else if signed {
		return actor, account.ErrToken
	} else {
		actor.Locale = languageOf(r)
	}
	actor.Address = a.Frame.Address(r)
	return actor, nil
}

// languageOf is the language that a caller asks for.
func languageOf(r *http.Request) string { return i18n.Negotiate(r.Header.Get("Accept-Language"), "") }

func (a *api) refuse(ctx huma.Context, err error) {
	p := a.problemOf(ctx.Context(), i18n.Negotiate(ctx.Header("Accept-Language"), ""), err)
	ctx.SetHeader("Content-Type", "application/problem+json")
	if p.Status == http.StatusUnauthorized {
		ctx.SetHeader("WWW-Authenticate", `Bearer realm="dure"`)
	}
	for name := range p.GetHeaders() {
		ctx.SetHeader(name, p.GetHeaders().Get(name))
	}
	ctx.SetStatus(p.Status)
	if err := a.huma.Marshal(ctx.BodyWriter(), "application/json", p); err != nil {
		a.Log.Warn("problem not written", "error", err)
	}
}

func actorOf(ctx context.Context) market.Actor {
	actor, _ := ctx.Value(actorKey{}).(market.Actor)
	return actor
}

// get registers a read; post registers a write. Errors of the handler become problems.
func get[I, O any](a *api, path, summary string, handler func(context.Context, *I) (*O, error), more ...option) {
	register(a, route{http.MethodGet, path, summary}, handler, more)
}

func post[I, O any](a *api, path, summary string, handler func(context.Context, *I) (*O, error), more ...option) {
	register(a, route{http.MethodPost, path, summary}, handler, more)
}

// route is where an operation is and what it does.
type route struct{ method, path, summary string }

type option func(*huma.Operation)

func open() option           { return func(o *huma.Operation) { o.Security = nil } }
func status(code int) option { return func(o *huma.Operation) { o.DefaultStatus = code } }

func register[I, O any](a *api, at route, handler func(context.Context, *I) (*O, error), more []option) {
	op := huma.Operation{Method: at.method, Path: at.path, Summary: at.summary, Security: signed(), MaxBodyBytes: bodyMax,
		OperationID: strings.ToLower(at.method) + strings.NewReplacer("/", "-", "{", "", "}", "").Replace(at.path),
		Errors: []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusConflict,
			http.StatusUnprocessableEntity, http.StatusTooManyRequests, http.StatusServiceUnavailable}}
	for _, change := range more {
		change(&op)
	}
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		if err != nil {
			return nil, a.problemAs(ctx, err)
		}
		return out, nil
	})
}

// problemAs is a handler's error as a problem in the caller's language.
func (a *api) problemAs(ctx context.Context, err error) *Problem {
	var known *Problem
	if errors.As(err, &known) {
		return known
	}
	return a.problemOf(ctx, actorOf(ctx).Locale, err)
}

// Keyed is the header of every write.
type Keyed struct {
	Key string `header:"Idempotency-Key" required:"true" minLength:"8" maxLength:"200" doc:"Same key, same answer."`
}

// Paged walks a list by keyset.
type Paged struct {
	Before string `query:"before" maxLength:"40" doc:"Id of the last item of the page before."`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50"`
}
