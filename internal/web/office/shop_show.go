package office

import (
	"slices"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

func (d Deps) beginForm(r *request.Request) error {
	p := r.Page(r.Loc.T("enroll.begin.title"))
	return r.Render(beginPage(p, "", nil))
}

func (d Deps) begin(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	name := form.Text("name", 1, merchant.NameMax)
	err = form.Err()
	var id market.MerchantID
	if err == nil {
		id, err = d.Enroll.Begin(r.Context(), r.Actor, name)
	}
	if err != nil {
		return r.Fail(err, func(p request.Problems) templ.Component {
			return beginPage(r.Page(r.Loc.T("enroll.begin.title")), form.Values().Get("name"), p)
		})
	}
	r.Keep(chosenKey, string(id))
	return r.Redirect(base(id))
}

// shopHere leads to the shop somebody looks at: their only one, the one chosen at the desk, or the choice.
func (d Deps) shopHere(r *request.Request) error {
	list := r.Actor.Memberships
	switch i := slices.IndexFunc(list, func(m market.Membership) bool {
		return string(m.MerchantID) == r.Kept(chosenKey)
	}); {
	case len(list) == 0:
		return r.Redirect("/office/new")
	case len(list) == 1:
		return r.Redirect(base(list[0].MerchantID))
	case i >= 0:
		return r.Redirect(base(list[i].MerchantID))
	}
	return r.Redirect("/office/choose")
}

// step is one page of a registration, and whether anything is missing there.
type step struct {
	Key, Href, Icon string
	Missing         []string // fields
	Note            string   // what stands there already
}

// overview is the list of a shop's pages.
type overview struct {
	Shop   merchant.Merchant
	Steps  []step
	Left   int
	Submit bool // the reader may hand it in
	People bool // the reader keeps the people

	Claims   []claimLine
	MayClaim bool // the reader may say that an entry of the register is this shop
}

func (d Deps) overview(r *request.Request, m merchant.Merchant) (overview, error) {
	branches, err := merchant.Branches(r.Context(), d.DB, m.ID)
	if err != nil {
		return overview{}, err
	}
	claims, err := d.shownClaims(r, m)
	if err != nil {
		return overview{}, err
	}
	v := overview{
		Claims: claims, MayClaim: right.Can(r.Actor, right.MerchantClaim, right.Of(m.ID)),
		Shop: m, Submit: right.Can(r.Actor, right.MerchantSubmit, right.Of(m.ID)),
		People: right.Can(r.Actor, right.MerchantPeople, right.Of(m.ID)),
	}
	v.steps(r.Loc, branches, right.Can(r.Actor, right.MerchantBankView, right.Of(m.ID)))
	return v, nil
}

// steps lists the shop's pages, with what is missing on each; the account's only for those who may see it.
func (v *overview) steps(loc ui.Loc, branches []merchant.Branch, bank bool) {
	m := v.Shop
	v.Steps = []step{
		{Key: "business", Href: "/business", Icon: "file-text", Note: m.Business.Name},
		{Key: "places", Href: "/places", Icon: "map-pin", Note: loc.T("enroll.step.places_note", "Count", len(branches))},
		{Key: "story", Href: "/story", Icon: "quote"},
		{Key: "photos", Href: "/photos", Icon: "camera",
			Note: loc.T("enroll.step.photos_note", "Count", len(m.Profile.Pictures))},
	}
	if bank {
		note := ""
		if !m.Bank.Empty() {
			note = loc.T("merchant.bank_"+m.Bank.Code) + " " + m.Bank.Masked()
		}
		v.Steps = append(v.Steps, step{Key: "bank", Href: "/bank", Icon: "landmark", Note: note})
	}
	home := map[string]string{
		"branch": "places", "hours": "places", "bank_account": "bank", "category": "story", "story": "story",
		"pictures": "photos",
	}
	for _, fault := range m.Missing(branches) {
		key := home[fault.Field]
		if key == "" {
			key = "business"
		}
		for i := range v.Steps {
			if v.Steps[i].Key == key {
				v.Steps[i].Missing = append(v.Steps[i].Missing, loc.T("enroll.field."+fault.Field))
			}
		}
	}
	for _, s := range v.Steps {
		if len(s.Missing) > 0 {
			v.Left++
		}
	}
}

func (d Deps) shopShow(r *request.Request) error {
	m, err := d.shop(r, right.MerchantView)
	if err != nil {
		return err
	}
	v, err := d.overview(r, m)
	if err != nil {
		return err
	}
	return r.Render(shopPage(d.overviewPage(r, m), v, nil))
}

func (d Deps) overviewPage(r *request.Request, m merchant.Merchant) ui.Page {
	p := d.page(r, m, "enroll.shop")
	p.Crumbs, p.Path = nil, base(m.ID)
	return p
}

func (d Deps) shopSubmit(r *request.Request) error {
	id := market.MerchantID(r.PathValue("shop"))
	_, err := d.Enroll.Submit(r.Context(), r.Actor, id)
	if err == nil {
		r.Flash(ui.Act, "enroll.submitted")
		return r.Redirect(base(id))
	}
	return d.shopRefused(r, err)
}

// shopRefused draws the overview again with what was wrong.
func (d Deps) shopRefused(r *request.Request, err error) error {
	if fail.KindOf(err) == fail.NotFound || fail.KindOf(err) == fail.Forbidden {
		return err
	}
	m, findErr := d.shop(r, right.MerchantView)
	if findErr != nil {
		return findErr
	}
	v, viewErr := d.overview(r, m)
	if viewErr != nil {
		return viewErr
	}
	return r.Fail(err, func(p request.Problems) templ.Component { return shopPage(d.overviewPage(r, m), v, p) })
}
