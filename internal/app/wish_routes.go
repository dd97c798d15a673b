package app

import (
	"net/http"
	"slices"

	"github.com/dure-commerce/dure/internal/web/api/wishes"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/wanted/board"
	"github.com/dure-commerce/dure/internal/web/wanted/gone"
	"github.com/dure-commerce/dure/internal/web/wanted/merge"
	"github.com/dure-commerce/dure/internal/web/wanted/outside"
	"github.com/dure-commerce/dure/internal/web/wanted/paste"
)

// openWishes mounts what surrounds the pages of wishes: pasted links, feeds, cards on foreign pages, merging.
func (s *Server) openWishes(mux *http.ServeMux) {
	paste.Routes(mux, paste.Deps{Frame: s.Frame, Glimpse: s.Glimpse})
	merge.Routes(mux, merge.Deps{Frame: s.Frame, DB: s.DB, Merge: s.Merge, Index: s.WishIndex})
	outside.Routes(mux, outside.Deps{Frame: s.Frame, DB: s.DB})
}

// wishStories are the parts that surround the pages of wishes, in every state.
func wishStories() []ui.Story {
	return slices.Concat(paste.Stories(), outside.Stories(), gone.Stories(), merge.Stories(), board.Stories())
}

// wishInterface is what the JSON interface about wishes works with.
func (s *Server) wishInterface() wishes.Deps {
	return wishes.Deps{DB: s.DB, Wanted: s.Wanted, Auction: s.Auction, Announce: s.Announce,
		Deposits: s.Deposits, Deliver: s.Deliver,
		Index: s.WishIndex, Limits: s.Limits, Base: s.Frame.Base}
}
