package app

import (
	"net/http"

	"github.com/dure-commerce/dure/internal/web/wanted/paste"
)

// openWishes mounts what surrounds the pages of wishes: pasted links, feeds, cards on foreign pages, merging.
func (s *Server) openWishes(mux *http.ServeMux) {
	paste.Routes(mux, paste.Deps{Frame: s.Frame, Glimpse: s.Glimpse})
}
