package admin

import (
	"context"
	"net/http"

	"github.com/dure-commerce/dure/internal/flow/enroll"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Deps are what the pages work with.
type Deps struct {
	Frame  *request.Frame
	DB     *db.DB
	Enroll *enroll.Enroll
	// Nav is the console's side menu with the entry of an address lit; nil shows none.
	Nav func(loc ui.Loc, here string) []ui.NavItem
}

// home is where these pages begin, and their entry in the console's menu.
const home = "/admin/merchants"

// Routes mounts the pages.
func Routes(mux *http.ServeMux, d Deps) {
	f := d.Frame
	mux.Handle("GET /admin/merchants", f.Signed(d.merchantList))
	mux.Handle("GET /admin/merchants/{shop}", f.Signed(d.merchantShow))
	mux.Handle("POST /admin/merchants/{shop}/approve", f.Signed(d.merchantApprove))
	mux.Handle("POST /admin/merchants/{shop}/return", f.Signed(d.merchantReturn))
	mux.Handle("POST /admin/merchants/{shop}/suspend", f.Signed(d.merchantSuspend))
	mux.Handle("POST /admin/merchants/{shop}/reinstate", f.Signed(d.merchantReinstate))

	mux.Handle("GET /admin/claims", f.Signed(d.claimList))
	mux.Handle("POST /admin/merchants/{shop}/claim/grant", f.Signed(d.claimGrant))
	mux.Handle("POST /admin/merchants/{shop}/claim/refuse", f.Signed(d.claimRefuse))
	mux.Handle("POST /admin/merchants/{shop}/claim/release", f.Signed(d.claimRelease))
}

func say(ctx context.Context, key string, pairs ...any) string { return ui.L(ctx).T(key, pairs...) }

// page begins a page of the console and refuses everybody who does not belong there.
func (d Deps) page(r *request.Request, title string) (ui.Page, error) {
	if err := right.Check(r.Actor, right.ConsoleView, right.Resource{}); err != nil {
		return ui.Page{}, err
	}
	p := r.Page(title)
	p.NavTitle, p.NoIndex = r.Loc.T("request.desk_console"), true
	if d.Nav != nil {
		p.Nav = d.Nav(r.Loc, home)
	}
	return p, nil
}
