package room

import (
	"context"
	"net/http"

	"github.com/dure-commerce/dure/internal/flow/admit"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Deps are what the pages work with.
type Deps struct {
	Frame *request.Frame
	DB    *db.DB
	Admit *admit.Admit
}

// Routes mounts the pages.
func Routes(mux *http.ServeMux, d Deps) {
	f := d.Frame
	mux.Handle("GET /d/{deal}/room", f.Handle(d.show))
	mux.Handle("GET /d/{deal}/room/part", f.Handle(d.part))
	mux.Handle("POST /d/{deal}/room", f.Signed(d.move))
	mux.Handle("POST /d/{deal}/wait", f.Signed(d.wait))
	mux.Handle("GET /d/{deal}/draw", f.Handle(d.draw))
	mux.Handle("GET /d/{deal}/draw.txt", f.Handle(d.drawList))
}

func say(ctx context.Context, key string, pairs ...any) string { return ui.L(ctx).T(key, pairs...) }
