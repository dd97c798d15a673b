package app

import (
	"net/http"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/web/counter"
	"github.com/dure-commerce/dure/internal/web/share"
	"github.com/dure-commerce/dure/internal/web/wallet"
)

// pocket mounts what a buyer has and the counter at which it is shown.
func (s *Server) pocket(mux *http.ServeMux) {
	wallet.Routes(mux, wallet.Deps{Frame: s.Frame, Wallet: s.Wallet, Refunds: s.Refunds, Interest: s.Custody.Interest,
		Feedback: s.Feedback,
		PayHref:  func(id market.OrderID) string { return "/o/" + string(id) + "/pay" }})
	share.Routes(mux, share.Deps{Frame: s.Frame, Deliver: s.Deliver})
	counter.Routes(mux, counter.Deps{Frame: s.Frame, Redeem: s.Redeem, Limits: s.Limits, Deliver: s.Deliver})
}
