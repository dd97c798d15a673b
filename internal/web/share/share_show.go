package share

import (
	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/deliver"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

func (d Deps) list(r *request.Request) error {
	query, err := r.Query()
	if err != nil {
		return err
	}
	before := query.Text("before", 0, idMax)
	if err := query.Err(); err != nil {
		return err
	}
	shares, err := d.Deliver.Shares(r.Context(), r.Actor, market.OrderID(before))
	if err != nil {
		return err
	}
	lines := make([]lineView, len(shares.List))
	for i, s := range shares.List {
		lines[i] = newLine(r.Loc, s, r.Now)
	}
	pager := ui.Pager{}
	if shares.More {
		pager.After = "/shares?before=" + string(shares.List[len(shares.List)-1].OrderID)
	}
	page := r.Page(r.Loc.T("share.list"))
	page.Back, page.NoIndex = "/me", true
	page.LiveTopics = []string{"account:" + string(r.Actor.AccountID)}
	return r.Render(listPage(page, lines, pager))
}

const (
	idMax  = 60
	keyMax = 80
)

func (d Deps) find(r *request.Request) (deliver.Detail, error) {
	return d.Deliver.Share(r.Context(), r.Actor, market.OrderID(r.PathValue("order")))
}

func (d Deps) show(r *request.Request) error {
	x, err := d.find(r)
	if err != nil {
		return err
	}
	return d.page(r, x)(nil)
}

// page gives what draws a share's page, with the refusals of a form on it.
func (d Deps) page(r *request.Request, x deliver.Detail) func(request.Problems) error {
	return func(p request.Problems) error {
		content, err := d.content(r, x, p)
		if err != nil {
			return err
		}
		return r.Render(content)
	}
}

func (d Deps) content(r *request.Request, x deliver.Detail, p request.Problems) (templ.Component, error) {
	v, err := newView(r.Loc, x, r.Now)
	if err != nil {
		return nil, err
	}
	v.Key, v.Problems = r.NewKey(), p
	page := r.Page(x.Wish.Name)
	page.Back, page.Heading, page.NoIndex = "/shares", r.Loc.T("share.title"), true
	page.LiveTopics = []string{"order:" + string(x.OrderID)}
	return sharePage(page, v), nil
}

// part is the live region of a share's page.
func (d Deps) part(r *request.Request) error {
	x, err := d.find(r)
	if err != nil {
		return err
	}
	v, err := newView(r.Loc, x, r.Now)
	if err != nil {
		return err
	}
	v.Key = r.NewKey()
	return r.Render(ui.Fragment(r.Loc, sharePart(v)))
}

// failed draws a share's page with what was wrong.
func (d Deps) failed(r *request.Request, err error) error {
	x, found := d.find(r)
	if found != nil {
		return found
	}
	var broken error
	answer := r.Fail(err, func(p request.Problems) templ.Component {
		content, err := d.content(r, x, p)
		if broken = err; err != nil {
			return templ.NopComponent
		}
		return content
	})
	if broken != nil {
		return broken
	}
	return answer
}
