package wanted

import (
	"context"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/form"
	"github.com/dure-commerce/dure/internal/kit/picture"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/wanted/round"
	"github.com/dure-commerce/dure/internal/web/wanted/stage"
)

// editing is the form in which a lead words a wish anew.
type editing struct {
	view
	Typed    typed
	Problems request.Problems
}

// edited reads the wish of an edit; what is not the reader's to word does not exist for them.
func (d Deps) edited(r *request.Request) (editing, error) {
	v, err := d.viewOf(r)
	if err != nil {
		return editing{}, err
	}
	if err := right.Check(r.Actor, right.WishLead, right.Mine(v.Wish.LeadID)); err != nil {
		return editing{}, err
	}
	return editing{view: v, Typed: typed{Details: v.Wish.Details, Photo: v.Wish.Photo, Link: v.Wish.Link}}, nil
}

func (e editing) page(r *request.Request) ui.Page {
	page := r.Page(r.Loc.T("wanted.edit.title"))
	page.Back, page.Heading, page.NoIndex = e.href(), page.Title, true
	return page
}

func (d Deps) editForm(r *request.Request) error {
	e, err := d.edited(r)
	if err != nil {
		return err
	}
	if !e.edits() {
		return r.Redirect(e.href())
	}
	return r.Render(editPage(e.page(r), e))
}

func (d Deps) edit(r *request.Request) error {
	e, err := d.edited(r)
	if err != nil {
		return err
	}
	again := func(err error) error {
		return r.Fail(err, func(p request.Problems) templ.Component {
			e.Problems = p
			return editPage(e.page(r), e)
		})
	}
	f, err := r.FormOf(form.Options{Files: 2, FileBytes: picture.BytesMaxDefault})
	if err != nil {
		return again(err)
	}
	was := e.Typed.Photo
	e.Typed = readTyped(f)
	if e.Typed.Photo == "" {
		e.Typed.Photo = was // a shipped drawing is no reference that may come from outside
	}
	if err := d.takePhoto(r, f, &e.Typed); err != nil {
		return again(err)
	}
	words := wish.Words{Details: f.Multiline("details", 0, textMax), Photo: e.Typed.Photo, Link: e.Typed.Link}
	if err := f.Err(); err != nil {
		return again(err)
	}
	if err := d.Wanted.Edit(r.Context(), r.Actor, e.Wish.ID, words); err != nil {
		return again(err)
	}
	r.Flash(ui.Act, "wanted.edit.done")
	return r.Redirect(e.href())
}

// lead hands a wish over, takes it back, or says how it goes on when its offers came to nothing.
func (d Deps) lead(r *request.Request) error {
	f, err := r.Form()
	if err != nil {
		return err
	}
	id := market.WishID(r.PathValue("wish"))
	step, known := map[string]func(context.Context, market.Actor, market.WishID) error{"hand_over": d.Wanted.HandOver,
		"withdraw": d.Wanted.Withdraw, "go_on": d.Wanted.GoOn}[f.Values().Get("do")]
	what := f.Choice("do", "hand_over", "withdraw", "go_on", "fewer")
	if !known {
		threshold := f.Int("threshold", 1, wish.ThresholdMax)
		step = func(ctx context.Context, actor market.Actor, id market.WishID) error {
			return d.Wanted.Fewer(ctx, actor, id, threshold)
		}
	}
	if err = f.Err(); err == nil {
		err = step(r.Context(), r.Actor, id)
	}
	switch kind := fail.KindOf(err); {
	case err == nil:
		r.Flash(ui.Act, "wanted.lead.done_"+what)
	case kind == fail.Conflict, kind == fail.Gone:
		r.Flash(ui.Warn, "wanted.said", "Text", r.Say(err))
	case kind == fail.Invalid && what == "fewer":
		return d.refused(r, f.Values().Get("threshold"), err)
	default:
		return err
	}
	return r.Redirect(stage.Href(id))
}

// refused shows a wish's page with what its lead typed and why it was refused.
func (d Deps) refused(r *request.Request, typed string, err error) error {
	v, loadErr := d.viewOf(r)
	if loadErr != nil {
		return loadErr
	}
	return r.Fail(err, func(p request.Problems) templ.Component {
		v.Refused = round.Refused{Typed: typed, Problems: p}
		return wishPage(v.frame(r.Page(v.Wish.Name)), v)
	})
}
