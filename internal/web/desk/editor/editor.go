package editor

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/publish"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/kit/picture"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/desk"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Deps are those of the desk.
type Deps struct{ desk.Deps }

// Routes mounts the editor's addresses.
func Routes(mux *http.ServeMux, deps desk.Deps) {
	d := Deps{deps}
	mux.Handle("GET /office/deals/new", d.Frame.Signed(d.begin))
	mux.Handle("POST /office/deals", d.Frame.Signed(d.save))
	mux.Handle("POST /office/deals/preview", d.Frame.Signed(d.preview))
	mux.Handle("GET /office/deals/{deal}", d.Frame.Signed(d.open))
	mux.Handle("POST /office/deals/{deal}", d.Frame.Signed(d.save))
	mux.Handle("POST /office/deals/{deal}/preview", d.Frame.Signed(d.preview))
	mux.Handle("GET /office/deals/{deal}/change", d.Frame.Signed(d.change))
	mux.Handle("POST /office/deals/{deal}/change", d.Frame.Signed(d.changed))
}

// begin shows an empty form.
func (d Deps) begin(r *request.Request) error {
	shop, answered, err := d.Shop(r)
	if err != nil || answered {
		return err
	}
	if err := right.Check(r.Actor, right.DealEdit, right.Of(shop.ID)); err != nil {
		return err
	}
	limits, _ := d.Publish.Limits(r.Now)
	o := fresh(limits, r.Now)
	o.Regions = regionsOf(shop)
	x := fieldsOf(o)
	x.Options = []optionFields{{Quantity: "50", Uses: "1"}}
	return d.show(r, shop, sheet{Fields: x, Offer: o})
}

func regionsOf(shop report.Shop) []market.RegionID {
	if shop.Home == "" {
		return nil
	}
	return []market.RegionID{shop.Home}
}

// open shows a draft in the editor, and every other deal as its shop follows it.
func (d Deps) open(r *request.Request) error {
	shop, row, answered, err := d.Deal(r)
	if err != nil || answered {
		return err
	}
	if row.Deal.Editable() != nil || !right.Can(r.Actor, right.DealEdit, right.Of(shop.ID)) {
		return d.Overview(r, shop, row)
	}
	_, o, err := d.Publish.Load(r.Context(), r.Actor, row.Deal.ID)
	if err != nil {
		return err
	}
	s := sheet{Row: row, Fields: fieldsOf(o), Offer: o}
	limits, _ := d.Publish.Limits(r.Now)
	s.Todo = r.Problems(o.Check(limits, r.Now))
	return d.show(r, shop, s)
}

// show draws the editor around a sheet.
func (d Deps) show(r *request.Request, shop report.Shop, s sheet) error {
	if err := d.fill(r, shop, &s); err != nil {
		return err
	}
	status := http.StatusOK
	if len(s.Problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	page := d.Page(r, shop, desk.AtDeals, s.title(r.Loc))
	page.LiveTopics = nil // nothing here may change under the writer's hands
	page.Crumbs = []ui.Link{{Label: r.Loc.T("desk.nav.deals"), Href: "/office/deals"}, {Label: page.Title}}
	return r.RenderStatus(status, editorPage(page, s))
}

// Files of one form: pictures of today's phones, a few at a time.
const (
	fileBytes = 12 << 20
	textBytes = 256 << 10
	filesMax  = 8
)

func (d Deps) form(r *request.Request) (*form.Form, error) {
	return r.FormOf(form.Options{TextBytes: textBytes, FileBytes: fileBytes, Files: filesMax})
}

// save keeps what was typed; pressed buttons add and drop options and pictures, look regions up, show the preview, or
// hand the deal in.
func (d Deps) save(r *request.Request) error {
	shop, row, answered, err := d.target(r)
	if err != nil || answered {
		return err
	}
	f, err := d.form(r)
	if err != nil {
		return err
	}
	own, err := d.drawn(r, row)
	if err != nil {
		return err
	}
	x := typed(f, own)
	s := sheet{Row: row, Offer: offer(f, x)}
	refused := d.keepPictures(r, f, &x)
	pressed(&x, &s.Offer)
	s.Fields, s.Offer.Pictures = x, x.Pictures
	faults := fail.List(fail.All(f.Err()))
	faults = append(faults, refused...)
	unknown, err := d.unknown(r, shop, s.Offer)
	if err != nil {
		return err
	}
	if err := append(faults, unknown...).Err(); err != nil {
		s.Problems = r.Problems(err)
		return d.show(r, shop, s)
	}
	switch x.Pressed {
	case "save", "submit":
	default:
		return d.show(r, shop, s)
	}
	return d.keep(r, shop, s)
}

// unknown refuses what names nothing there is: a category, a region, or a branch of another shop.
func (d Deps) unknown(r *request.Request, shop report.Shop, o deal.Offer) (faults fail.List, err error) {
	if o.CategoryID != "" {
		if _, err := category.Find(r.Context(), d.DB, o.CategoryID); errors.Is(err, category.ErrNotFound) {
			faults = append(faults, form.ErrChoice.On("category"))
		} else if err != nil {
			return nil, err
		}
	}
	for _, id := range o.Regions {
		if _, err := region.Find(r.Context(), d.DB, id); isMissing(err) {
			faults = append(faults, form.ErrChoice.On("regions"))
		} else if err != nil {
			return nil, err
		}
	}
	own, err := report.Places(r.Context(), d.DB, shop.ID)
	for _, id := range o.Branches {
		if !slices.ContainsFunc(own, func(p report.Place) bool { return p.ID == id }) {
			faults = append(faults, form.ErrChoice.On("branches"))
		}
	}
	return faults, err
}

// target is the shop and, for a deal that exists, the deal; new ones have none.
func (d Deps) target(r *request.Request) (report.Shop, report.Row, bool, error) {
	if r.PathValue("deal") == "" {
		shop, answered, err := d.Shop(r)
		if err == nil && !answered {
			err = right.Check(r.Actor, right.DealEdit, right.Of(shop.ID))
		}
		return shop, report.Row{}, answered, err
	}
	shop, row, answered, err := d.Deal(r)
	if err == nil && !answered {
		err = right.Check(r.Actor, right.DealEdit, right.Of(shop.ID))
	}
	return shop, row, answered, err
}

// drawn are the pictures that a deal has already: what the program drew for it stays, though nobody can send it.
func (d Deps) drawn(r *request.Request, row report.Row) ([]string, error) {
	if row.Deal.ID == "" {
		return nil, nil
	}
	terms, err := deal.FindTerms(r.Context(), d.DB, row.Deal.ID, row.Deal.TermsVersion)
	return terms.Pictures, err
}

// keep writes the draft, and hands it in when that was asked and nothing is wrong with it.
func (d Deps) keep(r *request.Request, shop report.Shop, s sheet) error {
	limits, _ := d.Publish.Limits(r.Now)
	wrong := s.Offer.Check(limits, r.Now)
	saved, err := d.Publish.SaveDraft(r.Context(), r.Actor, publish.DraftCmd{DealID: s.Row.Deal.ID, MerchantID: shop.ID,
		Offer: s.Offer})
	if err != nil {
		return r.Fail(err, func(p request.Problems) templ.Component { return d.again(r, shop, s, p) })
	}
	s.Row.Deal.ID = saved.ID
	if s.Fields.Pressed == "save" {
		r.Flash(ui.Act, "editor.saved")
		return r.Redirect(desk.Address(saved.ID))
	}
	if wrong == nil {
		_, wrong = d.Publish.Submit(r.Context(), r.Actor, saved.ID)
	}
	if wrong != nil {
		return r.Fail(wrong, func(p request.Problems) templ.Component { return d.again(r, shop, s, p) })
	}
	r.Flash(ui.Gather, "editor.submitted")
	return r.Redirect(desk.Address(saved.ID))
}

// again draws the editor with refusals; a page that cannot be drawn shows them alone.
func (d Deps) again(r *request.Request, shop report.Shop, s sheet, p request.Problems) templ.Component {
	s.Problems = p
	if err := d.fill(r, shop, &s); err != nil {
		return ui.Errors(p)
	}
	page := d.Page(r, shop, desk.AtDeals, s.title(r.Loc))
	page.LiveTopics = nil
	page.Crumbs = []ui.Link{{Label: r.Loc.T("desk.nav.deals"), Href: "/office/deals"}, {Label: page.Title}}
	return editorPage(page, s)
}

// preview answers the column beside the form as one types, and keeps the draft of a deal that exists.
func (d Deps) preview(r *request.Request) error {
	shop, row, answered, err := d.target(r)
	if err != nil || answered {
		return err
	}
	f, err := d.form(r)
	if err != nil {
		return err
	}
	own, err := d.drawn(r, row)
	if err != nil {
		return err
	}
	x := typed(f, own)
	s := sheet{Row: row, Fields: x, Offer: offer(f, x)}
	unknown, err := d.unknown(r, shop, s.Offer)
	if err != nil {
		return err
	}
	if f.Err() == nil && len(unknown) == 0 && row.Deal.ID != "" && row.Deal.Editable() == nil {
		if _, err := d.Publish.SaveDraft(r.Context(), r.Actor, publish.DraftCmd{DealID: row.Deal.ID,
			MerchantID: shop.ID, Offer: s.Offer}); err != nil {
			return err
		}
		s.Saved = true
	}
	if err := d.fill(r, shop, &s); err != nil {
		return err
	}
	return r.Render(previewPart(s))
}

// pressed does what a button inside the form asks for, without script.
func pressed(x *fields, o *deal.Offer) {
	name, at, _ := strings.Cut(x.Pressed, ":")
	index, err := strconv.Atoi(at)
	switch {
	case name == "add_option" && len(x.Options) < optionsMax:
		x.Options = append(x.Options, optionFields{Quantity: "50", Uses: "1"})
		o.Options = append(o.Options, deal.OptionOffer{Quantity: 50, Uses: 1})
	case err != nil || index < 0:
	case name == "drop_option" && index < len(x.Options):
		x.Options = slices.Delete(x.Options, index, index+1)
		o.Options = slices.Delete(o.Options, index, index+1)
	case name == "drop_picture" && index < len(x.Pictures):
		x.Pictures = slices.Delete(x.Pictures, index, index+1)
	}
}

// keepPictures makes photos of what was uploaded: without where they were taken, upright, in three sizes. What is no
// picture is refused beside its field, the others stay.
func (d Deps) keepPictures(r *request.Request, f *form.Form, x *fields) fail.List {
	for _, file := range f.Files("pictures") {
		if len(file.Data) == 0 {
			continue
		}
		ref, err := photo.Keep(r.Context(), d.Maker, d.Media, file.Data)
		if err == nil {
			x.Pictures = append(x.Pictures, string(ref))
			continue
		}
		for _, known := range []*fail.Error{picture.ErrUnknown, picture.ErrTooLarge, picture.ErrBroken, picture.ErrBusy} {
			if errors.Is(err, known) {
				return fail.List{known.On("pictures")}
			}
		}
		return fail.List{picture.ErrBroken.On("pictures").Wrap(err)}
	}
	return nil
}
