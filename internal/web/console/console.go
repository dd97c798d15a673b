package console

import (
	"net/http"

	"github.com/dure-commerce/dure/internal/flow/publish"
	"github.com/dure-commerce/dure/internal/flow/refund"
	"github.com/dure-commerce/dure/internal/flow/settle"
	"github.com/dure-commerce/dure/internal/flow/settle/custody"
	"github.com/dure-commerce/dure/internal/flow/tipping"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/queue"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Deps are what the console works with.
type Deps struct {
	Frame   *request.Frame
	DB      *db.DB
	Publish *publish.Publish
	Tipping *tipping.Tipping
	Refunds *refund.Refunds
	Settle  *settle.Settle
	Custody *custody.Custody
	Queue   *queue.Queue
	// Disputes counts those that wait for the operator's decision; nil where there are none.
	Disputes func(r *request.Request) (int, error)
}

// Routes mounts the console's addresses.
func Routes(mux *http.ServeMux, d Deps) {
	mux.Handle("GET /admin", d.Frame.Signed(d.home))
	mux.Handle("GET /admin/deals", d.Frame.Signed(d.deals))
	mux.Handle("GET /admin/deals/{deal}", d.Frame.Signed(d.deal))
	mux.Handle("POST /admin/deals/{deal}", d.Frame.Signed(d.decideDeal))
	mux.Handle("GET /admin/money", d.Frame.Signed(d.money))
	mux.Handle("GET /admin/money/interest", d.Frame.Signed(d.interest))
	mux.Handle("POST /admin/money/payouts/{payout}", d.Frame.Signed(d.decidePayout))
	mux.Handle("POST /admin/money/refunds/{refund}", d.Frame.Signed(d.retryRefund))
	mux.Handle("POST /admin/money/differences/{difference}", d.Frame.Signed(d.resolveDifference))
	mux.Handle("POST /admin/money/cover", d.Frame.Signed(d.moveCover))
	mux.Handle("GET /admin/work", d.Frame.Signed(d.work))
	mux.Handle("POST /admin/work/{job}", d.Frame.Signed(d.retryJob))
	mux.Handle("GET /admin/audit", d.Frame.Signed(d.audit))
}

// page begins a page of the console and refuses everybody who does not belong there.
func page(r *request.Request, title, here string) (ui.Page, error) {
	if err := right.Check(r.Actor, right.ConsoleView, right.Resource{}); err != nil {
		return ui.Page{}, err
	}
	p := r.Page(title)
	p.NavTitle, p.NavNote = r.Loc.T("console.title"), r.Loc.T("console.note")
	p.Nav = Nav(r.Loc, here)
	p.LiveTopics = []string{"console"}
	p.NoIndex = true
	return p, nil
}

// Nav is the console's side menu, shared with the pages of other packages that belong to it.
func Nav(loc ui.Loc, here string) []ui.NavItem {
	items := []ui.NavItem{
		{Label: loc.T("console.nav.home"), Href: "/admin", Icon: "house"},
		{Label: loc.T("console.nav.deals"), Href: "/admin/deals", Icon: "ticket"},
		{Label: loc.T("console.nav.merchants"), Href: "/admin/merchants", Icon: "store"},
		{Label: loc.T("console.nav.money"), Href: "/admin/money", Icon: "wallet"},
		{Label: loc.T("dispute.nav"), Href: "/admin/disputes", Icon: "scale"},
		{Label: loc.T("dispute.wishes.nav"), Href: "/admin/wishes", Icon: "hand-heart"},
		{Label: loc.T("console.nav.rooms"), Href: "/admin/rooms", Icon: "hourglass"},
		{Label: loc.T("console.nav.work"), Href: "/admin/work", Icon: "settings"},
		{Label: loc.T("console.nav.audit"), Href: "/admin/audit", Icon: "clipboard-list"},
	}
	for i := range items {
		items[i].Here = items[i].Href == here
	}
	return items
}
