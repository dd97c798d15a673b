package desk

import (
	"net/http"
	"time"

	"github.com/dure-commerce/dure/internal/flow/feedback"
	"github.com/dure-commerce/dure/internal/flow/publish"
	"github.com/dure-commerce/dure/internal/flow/settle"
	"github.com/dure-commerce/dure/internal/flow/tipping"
	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/picture"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/desk/choice"
	"github.com/dure-commerce/dure/internal/web/desk/wishes"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Deps are what the desk works with.
type Deps struct {
	Frame    *request.Frame
	DB       *db.DB
	Publish  *publish.Publish
	Tipping  *tipping.Tipping
	Settle   *settle.Settle // nil where no settlement runs: statements can then only be read
	Feedback *feedback.Feedback
	Media    blob.Store
	Maker    *picture.Maker
	// PayoutDay gives the day on which a use at an instant is paid out.
	PayoutDay func(use time.Time) time.Time
}

// Routes mounts the desk's addresses.
func Routes(mux *http.ServeMux, d Deps) {
	mux.Handle("GET /office", d.Frame.Signed(d.board))
	choice.Routes(mux, choice.Deps{Frame: d.Frame, DB: d.DB})
	mux.Handle("GET /office/deals", d.Frame.Signed(d.deals))
	mux.Handle("GET /office/deals/{deal}/sales", d.Frame.Signed(d.sales))
	mux.Handle("GET /office/deals/{deal}/sales.csv", d.Frame.Signed(d.salesFile))
	mux.Handle("GET /office/deals/{deal}/short", d.Frame.Signed(d.short))
	mux.Handle("POST /office/deals/{deal}/short", d.Frame.Signed(d.decideShort))
	mux.Handle("POST /office/deals/{deal}/withdraw", d.Frame.Signed(d.withdraw))
	mux.Handle("GET /office/money", d.Frame.Signed(d.money))
	mux.Handle("GET /office/money/{statement}", d.Frame.Signed(d.statement))
	mux.Handle("POST /office/money/{statement}", d.Frame.Signed(d.answer))
	mux.Handle("GET /office/money/{statement}/lines.csv", d.Frame.Signed(d.statementFile))
	mux.Handle("GET /office/money/{statement}/lines.xlsx", d.Frame.Signed(d.statementSheet))
	mux.Handle("GET /office/words", d.Frame.Signed(d.words))
	mux.Handle("POST /office/words/{ask}", d.Frame.Signed(d.answerWords))
}

// ErrNoShop sends away who leads no shop.
var ErrNoShop = right.ErrHidden

// Here names the pages of the side menu.
type Here string

// The pages of the side menu.
const (
	AtBoard Here = "board"
	AtDeals Here = "deals"
	// AtWanted is where package tender's pages are.
	AtWanted Here = "wanted"
	AtMoney  Here = "money"
	AtWords  Here = "words"
	AtShop   Here = "shop"
)

// Nav is the side menu of a shop's desk, shared by every page under /office.
func Nav(loc ui.Loc, here Here) []ui.NavItem {
	items := []struct {
		here       Here
		icon, href string
	}{
		{AtBoard, "activity", "/office"}, {AtDeals, "tag", "/office/deals"},
		{AtWanted, "hand-heart", wishes.Path}, {AtMoney, "wallet", "/office/money"},
		{AtWords, "message-circle", "/office/words"}, {AtShop, "store", "/office/shop"},
	}
	out := make([]ui.NavItem, 0, len(items)+1)
	for _, i := range items {
		out = append(out, ui.NavItem{Label: loc.T("desk.nav." + string(i.here)), Href: i.href, Icon: i.icon,
			Here: i.here == here})
	}
	return append(out, ui.NavItem{Label: loc.T("desk.nav.counter"), Href: "/counter", Icon: "scan-line"})
}

// Shop finds the shop whose desk is open, see choice.Deps.
func (d Deps) Shop(r *request.Request) (shop report.Shop, answered bool, err error) {
	return choice.Deps{Frame: d.Frame, DB: d.DB}.Shop(r)
}

// Deal finds a deal of the shop whose desk is open; anybody else's does not exist.
func (d Deps) Deal(r *request.Request) (report.Shop, report.Row, bool, error) {
	shop, answered, err := d.Shop(r)
	if err != nil || answered {
		return shop, report.Row{}, answered, err
	}
	row, err := report.FindDeal(r.Context(), d.DB, market.DealID(r.PathValue("deal")))
	if err != nil {
		return shop, row, false, err
	}
	if row.Deal.MerchantID != shop.ID {
		return shop, row, false, right.ErrHidden
	}
	return shop, row, false, nil
}

// Page begins a page of the desk.
func (d Deps) Page(r *request.Request, shop report.Shop, here Here, title string) ui.Page {
	page := r.Page(title)
	page.Nav, page.NavTitle, page.NoIndex = d.Menu(r, shop.ID, here), shop.Name, true
	page.LiveTopics = []string{Topic(shop.ID)}
	if len(choice.Led(r.Actor)) > 1 {
		page.Nav = append(page.Nav, ui.NavItem{Label: r.Loc.T("desk.switch"), Href: choice.Path, Icon: "building-2"})
	}
	return page
}

// Menu is Nav with what the shop can do something about among wishes counted. A count that cannot be had is left out,
// and said to the operator: no page fails for it.
func (d Deps) Menu(r *request.Request, shop market.MerchantID, here Here) []ui.NavItem {
	items := Nav(r.Loc, here)
	work, err := report.WishWorkOf(r.Context(), d.DB, shop, r.Now)
	if err != nil {
		d.Frame.Log.Warn("a shop's work among wishes was not counted", "shop", shop, "error", err)
		return items
	}
	for i := range items {
		if items[i].Href == wishes.Path {
			items[i].Count = work.Todo()
		}
	}
	return items
}

// Topic is what the pages of a shop listen to.
func Topic(id market.MerchantID) string { return "merchant:" + string(id) }
