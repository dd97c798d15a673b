package app

import (
	"net/http"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/web/admin"
	"github.com/dure-commerce/dure/internal/web/console"
	"github.com/dure-commerce/dure/internal/web/desk"
	"github.com/dure-commerce/dure/internal/web/notice"
	"github.com/dure-commerce/dure/internal/web/office"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/storefront"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// shops mounts the pages about shops: their own office, the operator's line of registrations, and what guests see.
func (s *Server) shops(mux *http.ServeMux) {
	at := desk.Deps{Frame: s.Frame, DB: s.DB}
	office.Routes(mux, office.Deps{Frame: s.Frame, DB: s.DB, Enroll: s.Enroll, Entries: s.Entries,
		Nav: func(r *request.Request, shop market.MerchantID) []ui.NavItem { return at.Menu(r, shop, desk.AtShop) }})
	s.tender(mux)
	admin.Routes(mux, admin.Deps{Frame: s.Frame, DB: s.DB, Enroll: s.Enroll, Nav: console.Nav})
	notice.Routes(mux, notice.Deps{Frame: s.Frame, DB: s.DB, Follow: s.Follow, Announce: s.Announce})
	storefront.MerchantRoutes(mux, storefront.Deps{Frame: s.Frame, DB: s.DB, Follow: s.Follow}, s.Enroll)
}
