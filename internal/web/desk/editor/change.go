package editor

import (
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/publish"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/desk"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

func isMissing(err error) bool { return errors.Is(err, region.ErrNotFound) }

// revision is the form that asks to change a public deal.
type revision struct {
	Row      report.Row
	Terms    deal.Terms
	Fields   fields
	Places   []report.Place
	Problems request.Problems
	Limits   deal.Limits
}

// revise finds the deal, its terms and the shop's branches.
func (d Deps) revise(r *request.Request) (report.Shop, revision, bool, error) {
	shop, row, answered, err := d.Deal(r)
	v := revision{Row: row}
	if err != nil || answered {
		return shop, v, answered, err
	}
	if err := right.Check(r.Actor, right.DealEdit, right.Of(shop.ID)); err != nil {
		return shop, v, false, err
	}
	if err := row.Deal.MayPropose(); err != nil {
		return shop, v, false, err
	}
	v.Limits, _ = d.Publish.Limits(r.Now)
	if v.Terms, err = deal.FindTerms(r.Context(), d.DB, row.Deal.ID, row.Deal.TermsVersion); err != nil {
		return shop, v, false, err
	}
	v.Places, err = report.Places(r.Context(), d.DB, shop.ID)
	return shop, v, false, err
}

func (d Deps) change(r *request.Request) error {
	shop, v, answered, err := d.revise(r)
	if err != nil || answered {
		return err
	}
	from := v.Terms
	if next, err := deal.Proposal(r.Context(), d.DB, v.Row.Deal.ID); err == nil {
		from = next
	} else if !errors.Is(err, deal.ErrNoProposal) {
		return err
	}
	v.Fields = fieldsOf(deal.OfferOf(v.Row.Deal, from, nil, nil))
	v.Fields.Why = from.Reason
	return r.Render(changePage(d.changeFrame(r, shop, v), v))
}

func (d Deps) changeFrame(r *request.Request, shop report.Shop, v revision) ui.Page {
	page := d.Page(r, shop, desk.AtDeals, r.Loc.T("editor.change.title"))
	page.LiveTopics = nil
	page.Crumbs = []ui.Link{{Label: r.Loc.T("desk.nav.deals"), Href: "/office/deals"},
		{Label: v.Row.Title, Href: desk.Address(v.Row.Deal.ID)}, {Label: page.Title}}
	return page
}

// changed sends the change to the operator.
func (d Deps) changed(r *request.Request) error {
	shop, v, answered, err := d.revise(r)
	if err != nil || answered {
		return err
	}
	f, err := d.form(r)
	if err != nil {
		return err
	}
	x := typed(f, v.Terms.Pictures)
	refused := d.keepPictures(r, f, &x)
	ask := revisionOf(f, x)
	pressed(&x, &deal.Offer{})
	v.Fields, ask.Pictures = x, x.Pictures
	unknown, err := d.unknown(r, shop, deal.Offer{Branches: ask.Branches})
	if err != nil {
		return err
	}
	faults := append(fail.List(fail.All(f.Err())), refused...)
	err = append(faults, unknown...).Err()
	if err == nil && x.Pressed != "send" {
		return r.RenderStatus(http.StatusOK, changePage(d.changeFrame(r, shop, v), v))
	}
	if err == nil {
		_, err = d.Publish.Propose(r.Context(), r.Actor, publish.ProposeCmd{DealID: v.Row.Deal.ID, Change: ask})
	}
	if err != nil {
		return r.Fail(err, func(p request.Problems) templ.Component {
			v.Problems = p
			return changePage(d.changeFrame(r, shop, v), v)
		})
	}
	r.Flash(ui.Act, "editor.change.sent")
	return r.Redirect(desk.Address(v.Row.Deal.ID))
}

func revisionOf(f *form.Form, x fields) deal.Revision {
	ask := deal.Revision{Title: f.Text("title", 0, lineMax), Summary: f.Text("summary", 0, lineMax*2),
		Story: f.Multiline("story", 0, storyMax), ValidDays: reader{f}.count("valid_days"), Rules: rules(f, x),
		Why: f.Multiline("why", 0, storyMax)}
	for _, id := range f.Many("branches", manyMax, clean(x.Branches)...) {
		ask.Branches = append(ask.Branches, market.BranchID(id))
	}
	return ask
}
