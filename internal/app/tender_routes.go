package app

import (
	"net/http"

	"github.com/dure-commerce/dure/internal/market/escrow"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/web/console"
	"github.com/dure-commerce/dure/internal/web/console/disputes"
	"github.com/dure-commerce/dure/internal/web/desk"
	"github.com/dure-commerce/dure/internal/web/desk/choice"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/tender"
	"github.com/dure-commerce/dure/internal/web/tender/fulfil"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// tender mounts the office's side of wanted inside the desk of the shop that is open.
func (s *Server) tender(mux *http.ServeMux) {
	at := desk.Deps{Frame: s.Frame, DB: s.DB}
	deps := tender.Deps{Frame: s.Frame, DB: s.DB, Auction: s.Auction, Deposits: s.Deposits,
		PayOrigins: s.payOrigins(), Enroll: s.Enroll, Announce: s.Announce,
		Media: s.Media, Maker: s.Maker, Shop: at.Shop, Switch: choice.Switch,
		Page: func(r *request.Request, shop report.Shop, title string) ui.Page {
			return at.Page(r, shop, desk.AtWanted, title)
		}}
	tender.Routes(mux, deps)
	fulfil.Routes(mux, fulfil.Deps{Deps: deps, Fund: s.Fund, Deliver: s.Deliver})
}

// disputes mounts the operator's side of wanted.
func (s *Server) disputes(mux *http.ServeMux) {
	disputes.Routes(mux, disputes.Deps{Frame: s.Frame, DB: s.DB, Deliver: s.Deliver, Auction: s.Auction,
		TakeDown: s.TakeDown, Nav: console.Nav})
}

// disputesWaiting counts the disputes that wait for the operator's decision.
func (s *Server) disputesWaiting(r *request.Request) (int, error) {
	list, err := s.Deliver.Disputes(r.Context(), r.Actor, escrow.TurnOperator)
	return len(list), err
}
