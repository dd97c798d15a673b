package tender

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/dure-commerce/dure/internal/flow/announce"
	"github.com/dure-commerce/dure/internal/flow/auction"
	"github.com/dure-commerce/dure/internal/flow/deposit"
	"github.com/dure-commerce/dure/internal/flow/enroll"
	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/picture"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Deps are what the pages work with.
type Deps struct {
	Frame    *request.Frame
	DB       *db.DB
	Auction  *auction.Auction
	Deposits *deposit.Deposits
	Enroll   *enroll.Enroll
	Announce *announce.Announce
	Media    blob.Store
	Maker    *picture.Maker
	// PayOrigins are the origins of the gateway's pages, to which the form of an offer may lead.
	PayOrigins []string
	// Shop finds the shop whose desk is open; answered means that the reader was led elsewhere.
	Shop func(r *request.Request) (shop report.Shop, answered bool, err error)
	// Switch is where somebody who leads several shops chooses another one for a page, "" for who leads one; nil offers it
	// to nobody.
	Switch func(actor market.Actor, page string) string
	// Page begins a page of that desk.
	Page func(r *request.Request, shop report.Shop, title string) ui.Page
}

// Path is where the pages begin.
const Path = "/office/wanted"

// Routes mounts every address of the pages.
func Routes(mux *http.ServeMux, d Deps) {
	f := d.Frame
	mux.Handle("GET "+Path, f.Signed(d.list))
	mux.Handle("GET "+kinds, f.Signed(d.kinds))
	mux.Handle("POST "+kinds, f.Signed(d.follow))
	mux.Handle("POST "+kinds+"/drop", f.Signed(d.unfollow))
	mux.Handle("POST "+kinds+"/letters", f.Signed(d.letters))
	mux.Handle("GET "+Path+"/{wish}", f.Signed(d.show))
	mux.Handle("POST "+Path+"/{wish}", f.Signed(d.place))
	mux.Handle("POST "+Path+"/{wish}/preview", f.Signed(d.preview))
	mux.Handle("POST "+Path+"/{wish}/withdraw", f.Signed(d.withdraw))
	mux.Handle("POST "+Path+"/{wish}/answer", f.Signed(d.answer))
	mux.Handle("GET "+Path+"/{wish}/enlist", f.Signed(d.enlistForm))
	mux.Handle("POST "+Path+"/{wish}/enlist", f.Signed(d.enlist))
}

func say(ctx context.Context, key string, pairs ...any) string { return ui.L(ctx).T(key, pairs...) }

// Address is a wish's page at the office.
func Address(id market.WishID) string { return Path + "/" + string(id) }

// chosenKey is where package desk keeps which of several shops somebody looks at.
const chosenKey = "desk.shop"

// leads reports somebody who may offer for a shop.
func leads(actor market.Actor) bool {
	return slices.ContainsFunc(actor.Memberships, func(m market.Membership) bool {
		return right.Can(actor, right.BidPlace, right.Of(m.MerchantID))
	})
}

// seller is the shop that offers.
type seller struct {
	Shop report.Shop
	M    merchant.Merchant
}

// seller finds the shop that offers; who has none, or has not named it, is led to the shortest registration there is.
func (d Deps) seller(r *request.Request, id market.WishID) (seller, bool, error) {
	if !leads(r.Actor) {
		return seller{}, true, r.Redirect(Address(id) + "/enlist")
	}
	shop, answered, err := d.Shop(r)
	if err != nil || answered {
		return seller{}, answered, err
	}
	m, err := merchant.Find(r.Context(), d.DB, shop.ID)
	if err != nil {
		return seller{}, false, err
	}
	if m.State == merchant.Draft && !m.MayBid() {
		return seller{}, true, r.Redirect(Address(id) + "/enlist")
	}
	return seller{shop, m}, false, nil
}

// named finds the shop for which a form was drawn: who leads several may have opened another one's desk since.
func (d Deps) named(r *request.Request, id market.MerchantID) (seller, error) {
	if err := right.Check(r.Actor, right.BidPlace, right.Of(id)); err != nil {
		return seller{}, err
	}
	shops, err := report.Shops(r.Context(), d.DB, []market.MerchantID{id})
	if err != nil || len(shops) == 0 {
		return seller{}, errors.Join(err, right.ErrHidden)
	}
	m, err := merchant.Find(r.Context(), d.DB, id)
	return seller{shops[0], m}, err
}

// WishPage begins a page about a wish.
func (d Deps) WishPage(r *request.Request, shop report.Shop, id market.WishID, title string) ui.Page {
	p := d.Page(r, shop, title)
	p.LiveTopics = append(p.LiveTopics, "wish:"+string(id))
	p.Path = r.URL.Path
	p.Crumbs = []ui.Link{{Label: r.Loc.T("tender.title"), Href: Path}, {Label: title}}
	return p
}
