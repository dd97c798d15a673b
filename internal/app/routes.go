package app

import (
	"net/http"
	"slices"

	"github.com/dure-commerce/dure/internal/kit/i18n"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/web/admin"
	"github.com/dure-commerce/dure/internal/web/api"
	"github.com/dure-commerce/dure/internal/web/console"
	"github.com/dure-commerce/dure/internal/web/console/disputes"
	"github.com/dure-commerce/dure/internal/web/counter"
	"github.com/dure-commerce/dure/internal/web/demo"
	"github.com/dure-commerce/dure/internal/web/desk"
	"github.com/dure-commerce/dure/internal/web/desk/editor"
	funding "github.com/dure-commerce/dure/internal/web/fund"
	"github.com/dure-commerce/dure/internal/web/hook"
	"github.com/dure-commerce/dure/internal/web/notice"
	"github.com/dure-commerce/dure/internal/web/office"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/share"
	"github.com/dure-commerce/dure/internal/web/signin"
	"github.com/dure-commerce/dure/internal/web/storefront"
	"github.com/dure-commerce/dure/internal/web/stream"
	"github.com/dure-commerce/dure/internal/web/tender"
	"github.com/dure-commerce/dure/internal/web/tender/fulfil"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/art"
	"github.com/dure-commerce/dure/internal/web/ui/asset"
	"github.com/dure-commerce/dure/internal/web/ui/story"
	"github.com/dure-commerce/dure/internal/web/wallet"
	"github.com/dure-commerce/dure/internal/web/wanted"
)

// routes mounts every address of the site: one line an audience, each with its own table.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", asset.Handler())
	mux.Handle("GET "+art.Prefix, art.Handler())
	mux.Handle("GET "+photo.Prefix, photo.Handler(s.Media))
	mux.HandleFunc("GET /healthz", s.healthz)
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.Handle("GET /lang/{lang}", s.Frame.Handle(s.pickLanguage))
	if _, none := s.Gateway.(gateway.Absent); !none {
		hook.Routes(mux, hook.Deps{Gateway: s.Gateway, Now: s.DB.Clock().Now, Notice: s.Checkout.Notice, Log: s.Options.Log})
	}
	stream.Routes(mux, stream.Deps{Frame: s.Frame, DB: s.DB, Hub: s.Hub})
	api.Routes(mux, api.Deps{Frame: s.Frame, DB: s.DB, Words: s.Bundle, Keys: s.Keys, Feed: s.Feed, Bell: s.Sealer.Bell(),
		Signup: s.Signup, Checkout: s.Checkout, Admit: s.Admit, Refunds: s.Refunds, Redeem: s.Redeem, Settle: s.Settle,
		Simulator: s.Simulator, PolicyID: s.policyID, Log: s.Options.Log, Wishes: s.wishInterface()})
	s.doors(mux)
	s.storefront(mux)
	s.desk(mux)
	s.shops(mux)
	s.pocket(mux)
	s.openWishes(mux)
	console.Routes(mux, console.Deps{Frame: s.Frame, DB: s.DB, Publish: s.Publish, Tipping: s.Tipping,
		Refunds: s.Refunds, Settle: s.Settle, Custody: s.Custody, Queue: s.Queue, Disputes: s.disputesWaiting})
	s.disputes(mux)
	if s.Options.Demo {
		demo.Routes(mux, demo.Deps{Frame: s.Frame, DB: s.DB, Signup: s.Signup})
		s.stories().Mount(mux)
	}
	mux.Handle("/", s.Frame.Missing())
	return mux
}

// stories is the book of every page in every state, for looking at in a demonstration.
func (s *Server) stories() ui.Book {
	return ui.Book{Stories: Stories(), Loc: func(lang string) ui.Loc { return s.Bundle.For(lang) },
		Now: storefront.StoryNow()}
}

// Stories are all pages of all audiences in every state.
func Stories() []ui.Story {
	return slices.Concat(story.All(), storefront.Stories(), wallet.Stories(), share.Stories(), signin.Stories(),
		notice.Stories(),
		counter.Stories(), desk.Stories(), editor.Stories(), office.Stories(), tender.Stories(), fulfil.Stories(),
		console.Stories(), disputes.Stories(), admin.Stories(), demo.Stories(), wishStories(), wanted.Stories(),
		funding.Stories())
}

const languageSeconds = 365 * 24 * 60 * 60

func (s *Server) pickLanguage(r *request.Request) error {
	lang := r.PathValue("lang")
	if lang != i18n.Korean && lang != i18n.English {
		return request.ErrNoPage
	}
	http.SetCookie(r.W, &http.Cookie{Name: request.LanguageCookie, Value: lang, Path: "/", MaxAge: languageSeconds,
		SameSite: http.SameSiteLaxMode, HttpOnly: true, Secure: s.Options.Config.Secure})
	return r.Redirect(r.Next(r.URL.Query().Get("next"), "/"))
}
