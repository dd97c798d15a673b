package outside

import (
	"context"
	"net/http"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Deps are what the answers are made of.
type Deps struct {
	Frame *request.Frame
	DB    *db.DB
}

// Routes mounts them.
func Routes(mux *http.ServeMux, d Deps) {
	mux.Handle("GET /wanted.atom", d.Frame.Handle(d.atom))
	mux.Handle("GET /wanted.rss", d.Frame.Handle(d.rss))
	mux.Handle("GET /w/{wish}/embed", d.Frame.Handle(d.embed))
	mux.Handle("GET /oembed", d.Frame.Handle(d.describe))
}

// EmbedHref is the small page of a wish for foreign frames.
func EmbedHref(id market.WishID) string { return "/w/" + string(id) + "/embed" }

func say(ctx context.Context, key string, pairs ...any) string { return ui.L(ctx).T(key, pairs...) }
