package storefront

import (
	"context"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/admit"
	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/flow/deposit"
	"github.com/dure-commerce/dure/internal/flow/follow"
	"github.com/dure-commerce/dure/internal/flow/fund"
	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/search"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/storefront/listing"
	"github.com/dure-commerce/dure/internal/web/storefront/purchase"
	"github.com/dure-commerce/dure/internal/web/storefront/robot"
	"github.com/dure-commerce/dure/internal/web/storefront/room"
	"github.com/dure-commerce/dure/internal/web/storefront/share"
	"github.com/dure-commerce/dure/internal/web/storefront/trust"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/poster"
)

// Deps are what the pages work with.
type Deps struct {
	Frame    *request.Frame
	DB       *db.DB
	Follow   *follow.Follow
	Checkout *checkout.Checkout
	Fund     *fund.Fund        // payers of wishes come back from the gateway by the same address
	Deposits *deposit.Deposits // and so do sellers who put one down
	Admit    *admit.Admit      // waiting rooms and lists; nil has none
	Deals    *search.Index     // of kind "deal"
	Entries  *search.Index     // of the directory
	Wishes   *search.Index     // of kind "wish"; nil finds none
	// PayOrigins are the origins of the gateway's pages, to which a payment form may lead.
	PayOrigins []string
	Painter    *poster.Painter // of the pictures beside shared addresses; nil paints none
	Media      blob.Store      // kept photos for them
	// Home gives the region a person calls home, "" for none; nil knows none.
	Home func(ctx context.Context, id market.AccountID) (market.RegionID, error)
	// Wanted makes the strip of what people of a region want together, which leads an empty page; nil has none.
	Wanted func(context.Context, db.Querier, region.Region, time.Time) (func(lead bool) templ.Component, error)
	// SetHome keeps the region that a person calls home from now on, "" for none; nil keeps it in the browser alone.
	SetHome func(ctx context.Context, actor market.Actor, home market.RegionID) error
}

// Routes mounts the pages, the way to a paid order included.
func Routes(mux *http.ServeMux, d Deps) {
	f := d.Frame
	f.Place = d.place
	mux.Handle("GET /{$}", f.Shared(d.home))
	mux.Handle("GET /regions", f.Handle(d.regions))
	mux.Handle("POST /regions", f.Handle(d.chooseRegion))
	mux.Handle("GET /r/{region}", f.Shared(d.regionHome))
	mux.Handle("GET /search", f.Handle(d.search))
	mux.Handle("GET /d/{deal}", f.Shared(d.deal))
	mux.Handle("GET /d/{deal}/part/{part}", f.Shared(d.dealPart))
	share.Routes(mux, share.Deps{Frame: f, DB: d.DB, Painter: d.Painter, Media: d.Media})
	robot.Routes(mux, robot.Deps{Frame: f, DB: d.DB})
	mux.Handle("POST /d/{deal}/keep", f.Signed(d.keep))
	mux.Handle("GET /trust", f.Handle(trust.Handler(d.DB)))
	listing.Routes(mux, listing.Deps{Frame: f, DB: d.DB, Index: d.Entries})
	purchase.Routes(mux, purchase.Deps{Frame: f, DB: d.DB, Checkout: d.Checkout, Fund: d.Fund,
		Deposits: d.Deposits, Admit: d.Admit, PayOrigins: d.PayOrigins})
	if d.Admit != nil {
		room.Routes(mux, room.Deps{Frame: f, DB: d.DB, Admit: d.Admit})
	}
}

func say(ctx context.Context, key string, pairs ...any) string { return ui.L(ctx).T(key, pairs...) }
