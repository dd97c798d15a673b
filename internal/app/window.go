package app

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/dure-commerce/dure/internal/flow/follow"
	"github.com/dure-commerce/dure/internal/flow/signup"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/search"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/account"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/event"
	"github.com/dure-commerce/dure/internal/web/console"
	"github.com/dure-commerce/dure/internal/web/console/rooms"
	"github.com/dure-commerce/dure/internal/web/storefront"
	"github.com/dure-commerce/dure/internal/web/ui/poster"
	"github.com/dure-commerce/dure/internal/web/wanted"
)

// Window is what shop windows need: bookmarks and the indexes that search asks.
type Window struct {
	Follow  *follow.Follow
	Painter *poster.Painter
	Deals   *search.Index
	Entries *search.Index
}

func (c *Core) wireWindow() {
	c.Window = Window{Follow: follow.New(c.DB, c.Key), Deals: search.New(c.DB.Engine(), "deal"),
		Entries: search.New(c.DB.Engine(), directory.Kind), Painter: poster.NewPainter()}
}

// indexDeal makes a deal findable by its own words and those of its shop, options, kind and places.
func (c *Core) indexDeal(ctx context.Context, tx *db.Tx, id market.DealID, words ...string) error {
	more, err := catalog.WordsOf(ctx, tx, id)
	if err != nil {
		return err
	}
	return c.Deals.Put(ctx, tx, string(id), append(words, more...)...)
}

func (c *Core) registerWindow() {
	c.dealJob(event.JobNotify, func(ctx context.Context, j event.DealJob) error { return c.Follow.Tell(ctx, j.DealID) })
}

// storefront mounts the pages for shoppers.
func (s *Server) storefront(mux *http.ServeMux) {
	origins := s.payOrigins()
	window := storefront.Deps{Frame: s.Frame, DB: s.DB, Follow: s.Follow, Checkout: s.Checkout, Fund: s.Fund,
		Deposits: s.Deposits, Admit: s.Admit, Deals: s.Deals, Entries: s.Entries, Wishes: s.WishIndex,
		PayOrigins: origins, Home: s.homeRegion, SetHome: s.setHome, Painter: s.Painter, Media: s.Media}
	wishes := s.wantedPages(window.Here)
	window.Wanted = wishes.Part
	wanted.Routes(mux, wishes)
	s.fundPages(mux, origins)
	storefront.Routes(mux, window)
	rooms.Routes(mux, rooms.Deps{Frame: s.Frame, DB: s.DB, Admit: s.Admit, Nav: console.Nav})
}

// payOrigins are those of the gateway in use.
func (s *Server) payOrigins() []string {
	gateway := s.Options.GatewayURL
	if gateway == "" {
		gateway = s.Options.Config.Gateway.URL
	}
	return payOrigins(gateway)
}

// payOrigins are where a payment form may lead: the gateway's own origin and, for Toss Payments, its page hosts.
func payOrigins(gateway string) []string {
	u, err := url.Parse(gateway)
	if err != nil || u.Host == "" {
		return nil
	}
	origins := []string{u.Scheme + "://" + u.Host}
	if strings.HasSuffix(u.Hostname(), ".tosspayments.com") {
		origins = append(origins, "https://*.tosspayments.com")
	}
	return origins
}

func (s *Server) homeRegion(ctx context.Context, id market.AccountID) (market.RegionID, error) {
	a, err := account.Find(ctx, s.DB, id)
	return a.HomeRegion, err
}

func (s *Server) setHome(ctx context.Context, actor market.Actor, home market.RegionID) error {
	a, err := account.Find(ctx, s.DB, actor.AccountID)
	if err != nil {
		return err
	}
	return s.Signup.UpdateProfile(ctx, actor, signup.ProfileCmd{Name: a.Name, Locale: a.Locale, HomeRegion: home})
}
