package tender

import (
	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/enroll"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// enlistView is the shortest registration, before an offer on a wish.
type enlistView struct {
	Wish                market.WishID
	WishName            string
	Name, Number, Phone string
	Problems            request.Problems
}

const lineMax = 200

// begun finds a registration that the reader has begun and not named yet, "" for none.
func (d Deps) begun(r *request.Request) (merchant.Merchant, error) {
	for _, m := range r.Actor.Memberships {
		if !right.Can(r.Actor, right.MerchantEdit, right.Of(m.MerchantID)) {
			continue
		}
		one, err := merchant.Find(r.Context(), d.DB, m.MerchantID)
		if err != nil {
			return one, err
		}
		if one.State == merchant.Draft && !one.MayBid() {
			return one, nil
		}
	}
	return merchant.Merchant{}, nil
}

func (d Deps) enlistForm(r *request.Request) error {
	w, err := wish.Find(r.Context(), d.DB, wishOf(r))
	if err != nil {
		return err
	}
	m, err := d.begun(r)
	if err != nil {
		return err
	}
	return r.Render(enlistPage(d.enlistFrame(r), enlistView{Wish: w.ID, WishName: w.Name, Name: m.Business.Name,
		Number: merchant.FormatNumber(m.Business.Number), Phone: merchant.FormatPhone(m.Business.Phone)}))
}

func (d Deps) enlistFrame(r *request.Request) ui.Page {
	p := r.Page(r.Loc.T("tender.enlist.title"))
	p.NoIndex, p.Path = true, r.URL.Path
	p.Back, p.Heading = "/w/"+r.PathValue("wish"), p.Title
	return p
}

// enlist registers with three facts and leads to the offer.
func (d Deps) enlist(r *request.Request) error {
	w, err := wish.Find(r.Context(), d.DB, wishOf(r))
	if err != nil {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	m, err := d.begun(r)
	if err != nil {
		return err
	}
	cmd := enroll.EnlistCmd{MerchantID: m.ID, Name: f.Text("name", 0, lineMax), Number: f.Text("number", 0, lineMax),
		Phone: f.Text("phone", 0, lineMax)}
	var id market.MerchantID
	if err = f.Err(); err == nil {
		id, err = d.Enroll.Enlist(r.Context(), r.Actor, cmd)
	}
	if err != nil {
		return r.Fail(err, func(p request.Problems) templ.Component {
			v := f.Values()
			return enlistPage(d.enlistFrame(r), enlistView{Wish: w.ID, WishName: w.Name, Name: Shown(v.Get("name")),
				Number: Shown(v.Get("number")), Phone: Shown(v.Get("phone")), Problems: p})
		})
	}
	r.Keep(chosenKey, string(id))
	r.Flash(ui.Act, "tender.enlist.done")
	return r.Redirect(Address(w.ID))
}
