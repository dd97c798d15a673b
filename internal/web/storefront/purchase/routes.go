package purchase

import (
	"context"
	"net/http"

	"github.com/dure-commerce/dure/internal/flow/admit"
	"github.com/dure-commerce/dure/internal/flow/checkout"
	"github.com/dure-commerce/dure/internal/flow/deposit"
	"github.com/dure-commerce/dure/internal/flow/fund"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/ui/asset"
)

// Deps are what the pages work with.
type Deps struct {
	Frame    *request.Frame
	DB       *db.DB
	Checkout *checkout.Checkout
	Fund     *fund.Fund // payers of wishes come back by the same address
	Deposits *deposit.Deposits
	Admit    *admit.Admit // waiting rooms; nil has none
	// PayOrigins are the origins of the gateway's pages, to which a payment form may lead.
	PayOrigins []string
}

// Routes mounts the pages; all of them need a sign-in.
func Routes(mux *http.ServeMux, d Deps) {
	f := d.Frame
	mux.Handle("GET /d/{deal}/order", f.Signed(d.choose))
	mux.Handle("POST /d/{deal}/order", f.Signed(d.hold))
	mux.Handle("GET /o/{order}/pay", f.Signed(d.payPage))
	mux.Handle("POST /o/{order}/pay", f.Signed(d.pay))
	mux.Handle("POST /o/{order}/cancel", f.Signed(d.cancel))
	mux.Handle("GET /o/{order}/done", f.Signed(d.done))
	mux.Handle("GET /o/{order}/part", f.Signed(d.donePart))
	mux.Handle("GET /pay/{payment}/return", f.Signed(d.returned))
	mux.Handle("GET /pay/{payment}/fail", f.Signed(d.stopped))
}

// allow lets this answer's form lead to the gateway's page.
func (d Deps) allow(r *request.Request) { r.Allow(asset.Policy{Form: d.PayOrigins}) }

func say(ctx context.Context, key string, pairs ...any) string { return ui.L(ctx).T(key, pairs...) }
