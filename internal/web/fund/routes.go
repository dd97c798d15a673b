package fund

import (
	"context"
	"net/http"

	"github.com/dure-commerce/dure/internal/flow/fund"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/asset"
)

// Deps are what the pages work with.
type Deps struct {
	Frame *request.Frame
	DB    *db.DB
	Fund  *fund.Fund
	// PayOrigins are the origins of the gateway's pages, to which a payment form may lead.
	PayOrigins []string
}

// Routes mounts the pages.
func Routes(mux *http.ServeMux, d Deps) {
	f := d.Frame
	mux.Handle("GET /w/{wish}/pay", f.Signed(d.payForm))
	mux.Handle("POST /w/{wish}/pay", f.Signed(d.pay))
	mux.Handle("GET /w/{wish}/paid", f.Signed(d.paid))
}

// allow lets this answer's form lead to the gateway's page.
func (d Deps) allow(r *request.Request) { r.Allow(asset.Policy{Form: d.PayOrigins}) }

func say(ctx context.Context, key string, pairs ...any) string { return ui.L(ctx).T(key, pairs...) }
