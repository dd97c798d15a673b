package office

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/office/hours"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// newBranch stands in the address of a branch that is not saved yet.
const newBranch = "new"

// placing is the form of one branch, as typed.
type placing struct {
	Shop       merchant.Merchant
	Branch     merchant.Branch
	Place      string // name of the neighbourhood, as typed or chosen
	Candidates []ui.Choice
	Spot       string // coordinates as typed
	Hours      hours.Form
	Closable   bool
	Problems   request.Problems
}

func (d Deps) placeList(r *request.Request) error {
	m, err := d.shop(r, right.MerchantView)
	if err != nil {
		return err
	}
	branches, err := merchant.Branches(r.Context(), d.DB, m.ID)
	if err != nil {
		return err
	}
	if m.Open() && len(branches) == 0 {
		return r.Redirect(base(m.ID) + "/places/" + newBranch)
	}
	if m.Open() && len(branches) == 1 && branches[0].Hours.Never() { // begun from the register: hours are missing
		return r.Redirect(base(m.ID) + "/places/" + string(branches[0].ID))
	}
	view := placesView{Shop: m, Branches: branches, actor: r.Actor}
	return r.Render(placesPage(d.page(r, m, "enroll.step.places"), view))
}

// placesView is the list of a shop's branches.
type placesView struct {
	Shop     merchant.Merchant
	Branches []merchant.Branch
	actor    market.Actor
}

// href leads to the form of a branch, of a new one for "", if the reader may write it; else it is empty.
func (v placesView) href(id market.BranchID) string {
	if !right.Can(v.actor, right.MerchantEdit, right.At(v.Shop.ID, id)) {
		return ""
	}
	if id == "" {
		id = newBranch
	}
	return base(v.Shop.ID) + "/places/" + string(id)
}

// placing finds the branch of the address, for somebody who may write it.
func (d Deps) placing(r *request.Request) (placing, error) {
	m, err := d.shop(r, right.MerchantView)
	if err != nil {
		return placing{}, err
	}
	v := placing{Shop: m, Branch: merchant.Branch{MerchantID: m.ID}}
	id := market.BranchID(r.PathValue("branch"))
	if id == newBranch {
		return v, right.Check(r.Actor, right.MerchantEdit, right.Of(m.ID))
	}
	if err := right.Check(r.Actor, right.MerchantEdit, right.At(m.ID, id)); err != nil {
		return v, err
	}
	if v.Branch, err = merchant.FindBranch(r.Context(), d.DB, m.ID, id); err != nil {
		return v, err
	}
	branches, err := merchant.Branches(r.Context(), d.DB, m.ID)
	v.Closable = len(branches) > 1 && right.Can(r.Actor, right.MerchantEdit, right.Of(m.ID))
	return v, err
}

func (d Deps) placeForm(r *request.Request) error {
	v, err := d.placing(r)
	if err != nil {
		return err
	}
	v.Hours = hours.FormOf(v.Branch.Hours)
	v.Spot = spotText(v.Branch)
	v.Branch.Phone = merchant.FormatPhone(v.Branch.Phone)
	if v.Branch.RegionID != "" {
		here, err := region.Find(r.Context(), d.DB, v.Branch.RegionID)
		if err != nil {
			return err
		}
		v.Place = here.FullLabel(r.Loc.Lang())
	} else {
		v.Branch.Name = r.Loc.T("enroll.place.first_name")
	}
	return r.Render(placePage(d.placeFrame(r, v), v))
}

func (d Deps) placeFrame(r *request.Request, v placing) ui.Page {
	p := d.page(r, v.Shop, "enroll.place.title")
	if !v.Shop.Open() {
		p.Crumbs = []ui.Link{
			{Label: r.Loc.T("enroll.shop"), Href: base(v.Shop.ID)},
			{Label: r.Loc.T("enroll.step.places"), Href: base(v.Shop.ID) + "/places"}, {Label: p.Title},
		}
	}
	return p
}

func (d Deps) placeSave(r *request.Request) error {
	v, err := d.placing(r)
	if err != nil {
		return err
	}
	form, err := r.Form()
	if err != nil {
		return err
	}
	v.readFields(form)
	if form.Bool("copy") {
		v.Hours.CopyFirst()
		return r.Render(placePage(d.placeFrame(r, v), v))
	}
	if err := v.findPlace(r.Context(), d, r.Loc, form); err != nil {
		return err
	}
	v.Branch.Hours = v.Hours.Parse(form)
	if err = form.Err(); err == nil {
		_, err = d.Enroll.SaveBranch(r.Context(), r.Actor, v.Branch)
	}
	if err != nil {
		return r.Fail(err, func(p request.Problems) templ.Component {
			v.Problems = p
			return placePage(d.placeFrame(r, v), v)
		})
	}
	return d.afterPlace(r, v.Shop)
}

// readFields takes what was typed, as it is; the noun judges it.
func (v *placing) readFields(form *form.Form) {
	values := form.Values()
	b := &v.Branch
	b.Name, b.Address = values.Get("branch_name"), values.Get("address")
	b.Phone, b.Directions = values.Get("phone"), values.Get("directions")
	v.Spot = values.Get("place")
	var ok bool
	if b.LatitudeE7, b.LongitudeE7, ok = spotOf(v.Spot); !ok {
		form.Add(merchant.ErrPlace.On("place"))
	}
	v.Place = strings.TrimSpace(values.Get("region_name"))
	if v.picked(values) {
		b.RegionID = market.RegionID(values.Get("region"))
	}
	v.Hours = hours.Read(values)
}

// picked tells that the neighbourhood was chosen from the list, and its name not written anew since.
func (v *placing) picked(values url.Values) bool {
	return values.Get("region") != "" && v.Place == strings.TrimSpace(values.Get("region_was"))
}

// candidatesMax is how many neighbourhoods of a name are offered.
const candidatesMax = 8

// findPlace finds the neighbourhood: the one picked from a list, or the one of the typed name. A name that several have
// becomes a list to pick from, without script.
func (v *placing) findPlace(ctx context.Context, d Deps, loc ui.Loc, form *form.Form) error {
	if v.picked(form.Values()) {
		return nil
	}
	v.Branch.RegionID = ""
	if v.Place == "" {
		return nil // the noun tells that it is missing
	}
	found, err := region.Search(ctx, d.DB, v.Place, candidatesMax)
	if err != nil {
		return err
	}
	switch len(found) {
	case 0:
		form.Add(merchant.ErrRegion.On("region_name"))
	case 1:
		v.Branch.RegionID = found[0].ID
	default:
		for _, one := range found {
			if one.FullLabel(loc.Lang()) == v.Place {
				v.Branch.RegionID = one.ID
				return nil
			}
			v.Candidates = append(v.Candidates, ui.Choice{Value: string(one.ID), Label: one.FullLabel(loc.Lang())})
		}
		form.Add(merchant.ErrRegion.On("region"))
	}
	return nil
}

func (d Deps) placeClose(r *request.Request) error {
	id, branch := market.MerchantID(r.PathValue("shop")), market.BranchID(r.PathValue("branch"))
	if err := d.Enroll.CloseBranch(r.Context(), r.Actor, id, branch); err != nil {
		return err
	}
	r.Flash(ui.Act, "enroll.place.closed")
	return r.Redirect(base(id) + "/places")
}

// spotOf reads "37.5665, 126.9780", as map programs copy it; an empty text is no place, and fine.
func spotOf(text string) (latE7, lngE7 int64, ok bool) {
	text = strings.Trim(strings.TrimSpace(text), "()")
	if text == "" {
		return 0, 0, true
	}
	a, b, cut := strings.Cut(text, ",")
	lat, ok1 := degrees(a)
	lng, ok2 := degrees(b)
	return lat, lng, cut && ok1 && ok2
}

// degrees reads a decimal number of degrees as 1e-7 degrees, without going through fractions.
func degrees(text string) (int64, bool) {
	whole, part, _ := strings.Cut(strings.TrimSpace(text), ".")
	if len(part) > 7 {
		part = part[:7]
	}
	n, err := strconv.ParseInt(whole+part+strings.Repeat("0", 7-len(part)), 10, 64)
	return n, err == nil && len(whole) > 0 && len(whole) < 4 && n >= 0
}

// spotText writes coordinates as they are typed.
func spotText(b merchant.Branch) string {
	if !b.HasPlace() {
		return ""
	}
	one := func(e7 int64) string {
		part := strconv.FormatInt(e7%1e7+1e7, 10)[1:]
		return strconv.FormatInt(e7/1e7, 10) + "." + part[:max(4, len(strings.TrimRight(part, "0")))]
	}
	return one(b.LatitudeE7) + ", " + one(b.LongitudeE7)
}
