package office

import (
	"context"
	"net/http"

	"github.com/dure-commerce/dure/internal/flow/enroll"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/search"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Deps are what the pages work with.
type Deps struct {
	Frame  *request.Frame
	DB     *db.DB
	Enroll *enroll.Enroll
	// Entries is the search index of the register; nil offers nothing from it.
	Entries *search.Index
	// Nav is the side menu of a shop's desk with the entry "shop" lit; nil shows none.
	Nav func(r *request.Request, shop market.MerchantID) []ui.NavItem
}

// Routes mounts every address of the office.
func Routes(mux *http.ServeMux, d Deps) {
	f := d.Frame
	mux.Handle("GET /office/new", f.Signed(d.beginForm))
	mux.Handle("POST /office/new", f.Signed(d.begin))
	mux.Handle("GET /office/shop", f.Signed(d.shopHere))
	mux.Handle("GET /office/shop/{shop}", f.Signed(d.shopShow))
	mux.Handle("POST /office/shop/{shop}/submit", f.Signed(d.shopSubmit))

	mux.Handle("GET /office/claim/{entry}", f.Signed(d.claimForm))
	mux.Handle("POST /office/claim/{entry}", f.Signed(d.claimMake))
	mux.Handle("GET /office/shop/{shop}/register", f.Signed(d.entrySeek))
	mux.Handle("POST /office/shop/{shop}/claim/withdraw", f.Signed(d.claimWithdraw))

	mux.Handle("GET /office/shop/{shop}/business", f.Signed(d.businessForm))
	mux.Handle("POST /office/shop/{shop}/business", f.Signed(d.businessSave))
	mux.Handle("GET /office/shop/{shop}/story", f.Signed(d.storyForm))
	mux.Handle("POST /office/shop/{shop}/story", f.Signed(d.storySave))
	mux.Handle("GET /office/shop/{shop}/photos", f.Signed(d.photoForm))
	mux.Handle("POST /office/shop/{shop}/photos", f.Signed(d.photoAdd))
	mux.Handle("POST /office/shop/{shop}/photos/change", f.Signed(d.photoChange))

	mux.Handle("GET /office/shop/{shop}/places", f.Signed(d.placeList))
	mux.Handle("GET /office/shop/{shop}/places/{branch}", f.Signed(d.placeForm))
	mux.Handle("POST /office/shop/{shop}/places/{branch}", f.Signed(d.placeSave))
	mux.Handle("POST /office/shop/{shop}/places/{branch}/close", f.Signed(d.placeClose))

	mux.Handle("GET /office/shop/{shop}/bank", f.Signed(d.bankForm))
	mux.Handle("POST /office/shop/{shop}/bank", f.Signed(d.bankSave))
	mux.Handle("POST /office/shop/{shop}/bank/cancel", f.Signed(d.bankCancel))

	mux.Handle("GET /office/shop/{shop}/people", f.Signed(d.peopleList))
	mux.Handle("POST /office/shop/{shop}/people/invite", f.Signed(d.peopleInvite))
	mux.Handle("POST /office/shop/{shop}/people/revoke", f.Signed(d.peopleRevoke))
	mux.Handle("POST /office/shop/{shop}/people/remove", f.Signed(d.peopleRemove))

	mux.Handle("GET /invitation", f.Handle(d.invitationShow))
	mux.Handle("POST /invitation", f.Signed(d.invitationAccept))
}

func say(ctx context.Context, key string, pairs ...any) string { return ui.L(ctx).T(key, pairs...) }

// chosenKey is where package desk keeps which of several shops somebody looks at.
const chosenKey = "desk.shop"

// base is where the pages of a shop begin.
func base(id market.MerchantID) string { return "/office/shop/" + string(id) }

// shop finds the shop of the address for an action; anybody else's does not exist.
func (d Deps) shop(r *request.Request, action right.Action) (merchant.Merchant, error) {
	id := market.MerchantID(r.PathValue("shop"))
	if err := right.Check(r.Actor, action, right.Of(id)); err != nil {
		return merchant.Merchant{}, err
	}
	return merchant.Find(r.Context(), d.DB, id)
}

// page begins a page of a shop's office.
func (d Deps) page(r *request.Request, m merchant.Merchant, key string) ui.Page {
	p := r.Page(r.Loc.T(key))
	p.NoIndex = true
	p.Path = r.URL.Path
	p.NavTitle = shopName(r.Loc, m)
	p.NavNote = r.Loc.T("merchant.state_" + string(m.State))
	if d.Nav != nil && m.Public() {
		p.Nav = d.Nav(r, m.ID)
	}
	p.Crumbs = []ui.Link{{Label: r.Loc.T("enroll.shop"), Href: base(m.ID)}, {Label: p.Title}}
	return p
}

// shopName is what a shop is called before it has a name.
func shopName(loc ui.Loc, m merchant.Merchant) string {
	if m.Business.Name == "" {
		return loc.T("enroll.unnamed")
	}
	return m.Business.Name
}

// onward leads from a saved page: in a registration to the list of what is left, else back to the page itself.
func onward(r *request.Request, m merchant.Merchant, here string) error {
	r.Flash(ui.Act, "enroll.saved")
	if m.Open() {
		return r.Redirect(base(m.ID))
	}
	return r.Redirect(base(m.ID) + here)
}
