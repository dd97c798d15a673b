package app

import (
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/tender"
	"github.com/dure-commerce/dure/internal/web/wanted"
	"github.com/dure-commerce/dure/internal/web/wanted/outside"
	"github.com/dure-commerce/dure/internal/web/wanted/paste"
)

// wantedPages are the pages on which buyers begin.
func (s *Server) wantedPages(here func(*request.Request) (region.Region, error)) wanted.Deps {
	return wanted.Deps{Frame: s.Frame, DB: s.DB, Wanted: s.Wanted, Auction: s.Auction, Media: s.Media, Maker: s.Maker,
		Limits: s.Limits, Painter: s.Painter, Here: here, Similar: s.SimilarWishes, PreviewHref: paste.Href,
		EmbedHref: outside.EmbedHref, Pays: true,
		BidHref: func(id market.WishID) string { return tender.Path + "/" + string(id) }}
}
