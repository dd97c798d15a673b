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
	mux.Handle("GET /office/choose", d.Frame.Signed(d.choose))
	mux.Handle("POST /office/choose", d.Frame.Signed(d.chosen))
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

// chosenKey keeps the shop that somebody with several looks at in the browser's session.
const chosenKey = "desk.shop"

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
		{AtWanted, "hand-heart", "/office/wanted"}, {AtMoney, "wallet", "/office/money"},
		{AtWords, "message-circle", "/office/words"}, {AtShop, "store", "/office/shop"},
	}
	out := make([]ui.NavItem, 0, len(items)+1)
	for _, i := range items {
		out = append(out, ui.NavItem{Label: loc.T("desk.nav." + string(i.here)), Href: i.href, Icon: i.icon,
			Here: i.here == here})
	}
	return append(out, ui.NavItem{Label: loc.T("desk.nav.counter"), Href: "/counter", Icon: "scan-line"})
}

// led are the shops whose desk this person may open: they see money there.
func led(actor market.Actor) []market.MerchantID {
	var ids []market.MerchantID
	for _, m := range actor.Memberships {
		if right.Can(actor, right.MerchantMoney, right.Of(m.MerchantID)) {
			ids = append(ids, m.MerchantID)
		}
	}
	return ids
}

// Shop finds the shop whose desk is open. Answered means that the reader was led elsewhere: to the choice between
// several shops, to the counter, or to the registration of a first one.
func (d Deps) Shop(r *request.Request) (shop report.Shop, answered bool, err error) {
	ids := led(r.Actor)
	switch {
	case len(ids) == 0 && len(r.Actor.Memberships) > 0:
		return shop, true, r.Redirect("/counter")
	case len(ids) == 0:
		return shop, true, r.Redirect("/office/new")
	}
	pick := ids[0]
	if len(ids) > 1 {
		pick = ""
		for _, id := range ids {
			if string(id) == r.Kept(chosenKey) {
				pick = id
			}
		}
		if pick == "" {
			return shop, true, r.Redirect("/office/choose")
		}
	}
	found, err := report.Shops(r.Context(), d.DB, []market.MerchantID{pick})
	if err != nil || len(found) == 0 {
		return shop, false, orHidden(err)
	}
	return found[0], false, nil
}

func orHidden(err error) error {
	if err != nil {
		return err
	}
	return ErrNoShop
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
	page.Nav, page.NavTitle, page.NoIndex = Nav(r.Loc, here), shop.Name, true
	page.LiveTopics = []string{Topic(shop.ID)}
	if len(led(r.Actor)) > 1 {
		page.Nav = append(page.Nav, ui.NavItem{Label: r.Loc.T("desk.switch"), Href: "/office/choose", Icon: "building-2"})
	}
	return page
}

// Topic is what the pages of a shop listen to.
func Topic(id market.MerchantID) string { return "merchant:" + string(id) }

func (d Deps) choose(r *request.Request) error {
	shops, err := report.Shops(r.Context(), d.DB, led(r.Actor))
	if err != nil {
		return err
	}
	if len(shops) == 0 {
		return r.Redirect("/office")
	}
	page := r.Page(r.Loc.T("desk.choose.title"))
	return r.Render(choosePage(page, shops))
}

func (d Deps) chosen(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	ids := led(r.Actor)
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = string(id)
	}
	pick := form.Choice("shop", names...)
	if form.Err() != nil {
		return right.ErrHidden
	}
	r.Keep(chosenKey, pick)
	return r.Redirect("/office")
}
