package wanted

import (
	"context"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/limit"
	"github.com/dure-commerce/dure/internal/kit/picture"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/poster"
	"github.com/dure-commerce/dure/internal/web/wanted/board"
	"github.com/dure-commerce/dure/internal/web/wanted/card"
)

// Deps are what the pages work with.
type Deps struct {
	Frame   *request.Frame
	DB      *db.DB
	Wanted  *wanted.Wanted
	Auction *auction.Auction
	Media   blob.Store
	Maker   *picture.Maker
	Limits  *limit.Counter
	Painter *poster.Painter // nil paints no cards
	// Here gives the neighbourhood a reader looks at; nil knows none.
	Here func(r *request.Request) (region.Region, error)
	// Similar finds open wishes like a name, the likest first; nil finds none.
	Similar func(ctx context.Context, q db.Querier, name string, limit int) ([]market.WishID, error)
	// PreviewHref answers what a pasted link says of itself, as a part of the form; "" has no such address.
	PreviewHref string
	// BidHref is where a seller makes an offer; nil leads to the office.
	BidHref func(id market.WishID) string
	// Pays says that there are pages on which members pay.
	Pays bool
	// EmbedHref shows a wish on foreign pages; nil has no such address.
	EmbedHref func(id market.WishID) string
}

// Routes mounts the pages.
func Routes(mux *http.ServeMux, d Deps) {
	f := d.Frame
	board.Routes(mux, d.board())
	mux.Handle("GET /wanted/new", f.Handle(d.newForm))
	mux.Handle("POST /wanted/new", f.Handle(d.post))
	mux.Handle("GET /wanted/similar", f.Handle(d.similar))
	mux.Handle("GET /w/{wish}", f.Shared(d.show))
	mux.Handle("GET /w/{wish}/part/{part}", f.Shared(d.part))
	mux.Handle("GET /w/{wish}/join", f.Handle(d.joinForm))
	mux.Handle("POST /w/{wish}/join", f.HandleAbroad(d.join, d.joinFromAbroad))
	mux.Handle("POST /w/{wish}/ask", f.Signed(d.ask))
	mux.Handle("POST /w/{wish}/vote", f.Signed(d.vote))
	mux.Handle("GET /w/{wish}/edit", f.Signed(d.editForm))
	mux.Handle("POST /w/{wish}/edit", f.Signed(d.edit))
	mux.Handle("POST /w/{wish}/lead", f.Signed(d.lead))
	if d.Painter != nil {
		mux.Handle("GET /w/{wish}/card.png", f.Handle(card.Deps{DB: d.DB, Media: d.Media, Painter: d.Painter}.Paint))
	}
}

func say(ctx context.Context, key string, pairs ...any) string { return ui.L(ctx).T(key, pairs...) }

func (d Deps) board() board.Deps { return board.Deps{Frame: d.Frame, DB: d.DB, Here: d.Here} }

// Part makes the strip of wishes for a neighbourhood's page, see board.Part.
func (d Deps) Part(ctx context.Context, q db.Querier, of region.Region, now time.Time) (func(lead bool) templ.Component,
	error,
) {
	return d.board().Part(ctx, q, of, now)
}

func (d Deps) here(r *request.Request) (region.Region, error) {
	if d.Here == nil {
		return region.Region{}, nil
	}
	return d.Here(r)
}
