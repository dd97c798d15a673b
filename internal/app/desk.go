package app

import (
	"net/http"

	"github.com/dure-commerce/dure/internal/kit/picture"
	"github.com/dure-commerce/dure/internal/web/desk"
	"github.com/dure-commerce/dure/internal/web/desk/editor"
)

// desk mounts the merchants' own desk.
func (s *Server) desk(mux *http.ServeMux) {
	deps := desk.Deps{Frame: s.Frame, DB: s.DB, Publish: s.Publish, Tipping: s.Tipping, Settle: s.Settle,
		Feedback: s.Feedback, Media: s.Media, Maker: picture.NewMaker(picture.Limits{}), PayoutDay: s.PayoutDay}
	desk.Routes(mux, deps)
	editor.Routes(mux, deps)
}
