package board

import (
	"context"
	"net/http"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Deps are what the lists work with.
type Deps struct {
	Frame *request.Frame
	DB    *db.DB
	// Here gives the neighbourhood a reader looks at; nil knows none.
	Here func(r *request.Request) (region.Region, error)
}

// Routes mounts the list.
func Routes(mux *http.ServeMux, d Deps) { mux.Handle("GET /wanted", d.Frame.Shared(d.list)) }

func say(ctx context.Context, key string, pairs ...any) string { return ui.L(ctx).T(key, pairs...) }
