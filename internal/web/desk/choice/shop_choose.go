package choice

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
)

// Deps are what the question works with.
type Deps struct {
	Frame *request.Frame
	DB    *db.DB
}

// Path is where one of several shops is chosen.
const Path = "/office/choose"

// Key keeps the shop that somebody with several looks at in the browser's session.
const Key = "desk.shop"

// wanted is where offers on wishes are made.
const wanted = "/office/wanted"

// Routes mounts the question.
func Routes(mux *http.ServeMux, d Deps) {
	mux.Handle("GET "+Path, d.Frame.Signed(d.choose))
	mux.Handle("POST "+Path, d.Frame.Signed(d.chosen))
}

// Led are the shops whose desk this person may open: they see money there.
func Led(actor market.Actor) []market.MerchantID {
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
	ids := Led(r.Actor)
	switch {
	case len(ids) == 0 && len(r.Actor.Memberships) > 0:
		return shop, true, r.Redirect("/counter")
	case len(ids) == 0:
		return shop, true, r.Redirect("/office/new")
	}
	pick := ids[0]
	if len(ids) > 1 {
		pick = market.MerchantID(r.Kept(Key))
		if !slices.Contains(ids, pick) {
			return shop, true, r.Redirect(Path + onward(r))
		}
	}
	found, err := report.Shops(r.Context(), d.DB, []market.MerchantID{pick})
	if err != nil {
		return shop, false, err
	}
	if len(found) == 0 {
		return shop, false, right.ErrHidden
	}
	return found[0], false, nil
}

// View is the question which of several shops somebody means.
type View struct {
	Shops []report.Shop
	Next  string // where they were going, "" for the board
	Offer bool   // to offer on a wish
}

// onward keeps where somebody was going while they say for which shop; what was sent is not sent again.
func onward(r *request.Request) string {
	if r.Method != http.MethodGet || r.URL.Path == "/office" {
		return ""
	}
	return "?" + url.Values{"next": {r.URL.RequestURI()}}.Encode()
}

// next is where a choice leads: to pages of the desk alone.
func next(r *request.Request, value string) string {
	if at := r.Next(value, ""); strings.HasPrefix(at, "/office/") {
		return at
	}
	return ""
}

func (d Deps) choose(r *request.Request) error {
	shops, err := report.Shops(r.Context(), d.DB, Led(r.Actor))
	if err != nil {
		return err
	}
	if len(shops) == 0 {
		return r.Redirect("/office")
	}
	v := View{Shops: shops, Next: next(r, r.URL.Query().Get("next"))}
	v.Offer = strings.HasPrefix(v.Next, wanted+"/")
	title := "desk.choose.title"
	if v.Offer {
		title = "desk.choose.offer"
	}
	return r.Render(Page(r.Page(r.Loc.T(title)), v))
}

func (d Deps) chosen(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	ids := Led(r.Actor)
	names := make([]string, len(ids))
	for i, id := range ids {
		names[i] = string(id)
	}
	pick := form.Choice("shop", names...)
	to := next(r, form.Text("next", 0, nextMax))
	if form.Err() != nil {
		return right.ErrHidden
	}
	r.Keep(Key, pick)
	if to == "" {
		to = "/office"
	}
	return r.Redirect(to)
}

const nextMax = 2000

// Switch is where somebody who leads several shops chooses another one for a page, "" for who leads one.
func Switch(actor market.Actor, page string) string {
	if len(Led(actor)) < 2 {
		return ""
	}
	return Path + "?" + url.Values{"next": {page}}.Encode()
}
