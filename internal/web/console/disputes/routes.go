package disputes

import (
	"net/http"

	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/flow/takedown"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Deps are what the pages work with.
type Deps struct {
	Frame   *request.Frame
	DB      *db.DB
	Deliver *deliver.Deliver
	Auction *auction.Auction
	// TakeDown takes wishes out of everybody's sight.
	TakeDown *takedown.TakeDown
	Nav      func(loc ui.Loc, here string) []ui.NavItem
}

// Where the pages begin.
const (
	Path   = "/admin/disputes"
	Wishes = "/admin/wishes"
)

// Routes mounts the pages.
func Routes(mux *http.ServeMux, d Deps) {
	mux.Handle("GET "+Path, d.Frame.Signed(d.list))
	mux.Handle("GET "+Path+"/{order}", d.Frame.Signed(d.show))
	mux.Handle("POST "+Path+"/{order}", d.Frame.Signed(d.decide))
	mux.Handle("GET "+Wishes, d.Frame.Signed(d.wishes))
	mux.Handle("GET "+Wishes+"/{wish}", d.Frame.Signed(d.wish))
	mux.Handle("GET "+Wishes+"/{wish}/take-down", d.Frame.Signed(d.askDown))
	mux.Handle("POST "+Wishes+"/{wish}/take-down", d.Frame.Signed(d.takeDown))
	mux.Handle("POST "+Wishes+"/{wish}/offers/{bid}", d.Frame.Signed(d.disqualify))
}

// page begins a page of the console and refuses everybody who does not belong there.
func (d Deps) page(r *request.Request, key, here string) (ui.Page, error) {
	if err := right.Check(r.Actor, right.ConsoleView, right.Resource{}); err != nil {
		return ui.Page{}, err
	}
	p := r.Page(r.Loc.T(key))
	p.NavTitle, p.NavNote = r.Loc.T("console.title"), r.Loc.T("console.note")
	p.Nav, p.NoIndex, p.LiveTopics = d.Nav(r.Loc, here), true, []string{"console"}
	return p, nil
}
