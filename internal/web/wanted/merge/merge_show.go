package merge

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	flow "github.com/dure-commerce/dure/internal/flow/merge"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/search"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merger"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Deps are what the page works with.
type Deps struct {
	Frame *request.Frame
	DB    *db.DB
	Merge *flow.Merge
	Index *search.Index // of wishes
}

// Routes mounts the page.
func Routes(mux *http.ServeMux, d Deps) {
	mux.Handle("GET /w/{wish}/merge", d.Frame.Signed(d.show))
	mux.Handle("POST /w/{wish}/merge", d.Frame.Signed(d.act))
}

const (
	likeMax = 5
	intoMax = 200
)

// view is the page as one person sees it.
type view struct {
	flow.View
	Like     []wish.Wish // that the wish may go over into
	Typed    string
	Problems request.Problems
	Now      time.Time
}

func href(id market.WishID) string { return "/w/" + string(id) }

func (d Deps) load(r *request.Request) (view, error) {
	v := view{Now: r.Now}
	var err error
	if v.View, err = d.Merge.Look(r.Context(), r.Actor, market.WishID(r.PathValue("wish"))); err != nil {
		return v, err
	}
	if v.asks() {
		v.Like, err = wish.Similar(r.Context(), d.DB, d.Index, wish.Likeness{Text: v.From.Name, RegionID: v.From.RegionID,
			Except: v.From.ID, Limit: likeMax}, r.Now)
	}
	return v, err
}

// asks reports a lead who may ask, and has not.
func (v view) asks() bool { return v.Leads && !v.Merger.Open() && v.From.MergedInto == "" }

// waits reports a lead who has asked.
func (v view) waits() bool { return v.Leads && v.Merger.Open() }

// answers reports the lead who is asked.
func (v view) answers() bool { return v.LeadsOther && v.Merger.Open() }

func (d Deps) show(r *request.Request) error {
	v, err := d.load(r)
	if err != nil {
		return err
	}
	return d.render(r, http.StatusOK, v)
}

func (d Deps) render(r *request.Request, status int, v view) error {
	page := r.Page(r.Loc.T("merge.title"))
	page.Back, page.Heading, page.NoIndex = href(v.From.ID), page.Title, true
	return r.RenderStatus(status, mergePage(page, v))
}

// act does what a button asks for. Each step leaves a state behind, so that pressing twice does it once.
func (d Deps) act(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	what, into := form.Text("what", 0, intoMax), form.Text("into", 0, intoMax)
	id, ctx := market.WishID(r.PathValue("wish")), r.Context()
	done := map[string]func() error{
		"propose": func() error {
			_, err := d.Merge.Propose(ctx, r.Actor, id, named(into))
			return err
		},
		"take_back": func() error { return d.Merge.TakeBack(ctx, r.Actor, id) },
		"agree":     func() error { return d.Merge.Agree(ctx, r.Actor, id) },
		"refuse":    func() error { return d.Merge.Refuse(ctx, r.Actor, id) },
		"yes":       func() error { return d.Merge.Answer(ctx, r.Actor, id, merger.Yes) },
		"no":        func() error { return d.Merge.Answer(ctx, r.Actor, id, merger.No) },
	}[what]
	if done == nil {
		return request.ErrNoPage
	}
	if err := done(); err != nil {
		return d.again(r, into, err)
	}
	r.Flash(ui.Act, "merge.done."+what)
	return r.Redirect(href(id) + "/merge")
}

// again shows the page with why it was refused.
func (d Deps) again(r *request.Request, typed string, refused error) error {
	kind, code := fail.KindOf(refused), fail.CodeOf(refused)
	said := []string{wish.ErrNotFound.Code, wish.ErrConfirmed.Code, merger.ErrAnswer.Code}
	if kind != fail.Conflict && kind != fail.Invalid && kind != fail.Gone && !slices.Contains(said, code) {
		return refused
	}
	v, err := d.load(r)
	if err != nil {
		return err
	}
	v.Typed, v.Problems = typed, r.Problems(refused)
	return d.render(r, request.Status(kind), v)
}

// named reads a wish out of what people paste: its address, or its id.
func named(text string) market.WishID {
	text = strings.TrimSpace(text)
	if u, err := url.Parse(text); err == nil {
		if _, rest, ok := strings.Cut(u.Path, "/w/"); ok {
			text, _, _ = strings.Cut(rest, "/")
		}
	}
	return market.WishID(text)
}

func say(ctx context.Context, key string, pairs ...any) string { return ui.L(ctx).T(key, pairs...) }
