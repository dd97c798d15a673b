package fulfil

import (
	"context"
	"net/http"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/flow/fund"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/tender"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Deps are those of the office's pages about wishes, with the journeys after an award.
type Deps struct {
	tender.Deps
	Fund    *fund.Fund
	Deliver *deliver.Deliver
}

// Routes mounts every address of the board.
func Routes(mux *http.ServeMux, d Deps) {
	f := d.Frame
	mux.Handle("GET "+tender.Path+"/{wish}/fulfil", f.Signed(d.fulfil))
	mux.Handle("POST "+tender.Path+"/{wish}/fulfil/answer", f.Signed(d.fundAnswer))
	mux.Handle("POST "+tender.Path+"/{wish}/fulfil/addresses", f.Signed(d.addresses))
	mux.Handle("POST "+tender.Path+"/{wish}/fulfil/ship", f.Signed(d.ship))
	mux.Handle("POST "+tender.Path+"/{wish}/fulfil/back", f.Signed(d.giveBack))
	mux.Handle("POST "+tender.Path+"/{wish}/fulfil/sheet", f.Signed(d.sheet))
	mux.Handle("POST "+tender.Path+"/{wish}/fulfil/sheet.csv", f.Signed(d.sheetFile))
	mux.Handle("GET "+tender.Path+"/{wish}/disputes/{order}", f.Signed(d.dispute))
	mux.Handle("POST "+tender.Path+"/{wish}/disputes/{order}", f.Signed(d.speak))
}

func say(ctx context.Context, key string, pairs ...any) string { return ui.L(ctx).T(key, pairs...) }

func wishOf(r *request.Request) market.WishID { return market.WishID(r.PathValue("wish")) }

// Bounds of what forms may carry.
const (
	idMax   = 100
	lineMax = 200
	noteMax = 20_000
	wonMax  = 1_000_000_000
)

// shot is a piece of evidence.
func shot(ref, alt string) ui.Picture {
	width, height := photo.Ref(ref).Size()
	return ui.Picture{Src: photo.Ref(ref).Src(), Srcset: photo.Ref(ref).Srcset(), Sizes: "12rem", Alt: alt, Width: width,
		Height: height, Shape: "round"}
}

// Stories are the pages from fixtures: normal, empty, long, huge, wrong.
func Stories() []ui.Story { return append(fulfilStories(), disputeStories()...) }
