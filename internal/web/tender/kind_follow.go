package tender

import (
	"errors"
	"slices"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/announce"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/lookout"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/market/report"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// kinds is where a shop says which wishes it wants to hear of.
const kinds = Path + "/kinds"

// kindLine is one kind of wishes that the shop follows, in words.
type kindLine struct{ ID, Kind, Where string }

// kindsView is what a shop follows.
type kindsView struct {
	Lines            []kindLine
	Letters          bool
	Categories       []ui.Choice
	Regions          []ui.Choice
	Category, Region string
	Problems         request.Problems
}

// follower is the shop whose follows these are.
func (d Deps) follower(r *request.Request) (report.Shop, bool, error) {
	if !leads(r.Actor) && r.Method != "GET" {
		return report.Shop{}, false, right.ErrForbidden
	}
	return d.Shop(r)
}

func (d Deps) loadKinds(r *request.Request, shop report.Shop) (kindsView, error) {
	v := kindsView{}
	following, err := d.Announce.Following(r.Context(), r.Actor, shop.ID)
	if err != nil {
		return v, err
	}
	v.Letters = following.Letters
	list, err := category.List(r.Context(), d.DB)
	if err != nil {
		return v, err
	}
	names := map[market.CategoryID]string{}
	for _, c := range list {
		names[c.ID] = c.Label(r.Loc.Lang())
		if above := names[c.ParentID]; above != "" {
			names[c.ID] = above + " · " + names[c.ID]
		}
		v.Categories = append(v.Categories, ui.Choice{Value: string(c.ID), Label: names[c.ID]})
	}
	if v.Regions, err = d.regionChoices(r, shop.ID); err != nil {
		return v, err
	}
	for _, k := range following.Kinds {
		line := kindLine{ID: k.ID, Kind: names[k.CategoryID]}
		if k.RegionID != "" {
			place, err := region.Find(r.Context(), d.DB, k.RegionID)
			if err != nil && !errors.Is(err, region.ErrNotFound) {
				return v, err
			}
			line.Where = place.FullLabel(r.Loc.Lang())
		}
		v.Lines = append(v.Lines, line)
	}
	return v, nil
}

// regionChoices are the places around the shop's branches, then the provinces.
func (d Deps) regionChoices(r *request.Request, id market.MerchantID) ([]ui.Choice, error) {
	m, err := merchant.Find(r.Context(), d.DB, id)
	if err != nil {
		return nil, err
	}
	trade, err := report.LoadTrade(r.Context(), d.DB, m)
	if err != nil {
		return nil, err
	}
	provinces, err := region.List(r.Context(), d.DB, region.Province)
	if err != nil {
		return nil, err
	}
	var out []ui.Choice
	add := func(x region.Region) {
		if !slices.ContainsFunc(out, func(c ui.Choice) bool { return c.Value == string(x.ID) }) {
			out = append(out, ui.Choice{Value: string(x.ID), Label: x.FullLabel(r.Loc.Lang())})
		}
	}
	for _, near := range trade.Regions {
		place, err := region.Find(r.Context(), d.DB, near)
		if err != nil && !errors.Is(err, region.ErrNotFound) {
			return nil, err
		}
		if err == nil && place.Level != region.Country {
			add(place)
		}
	}
	for _, p := range provinces {
		add(p)
	}
	return out, nil
}

func (d Deps) kindsPage(r *request.Request, shop report.Shop, v kindsView) templ.Component {
	p := d.Page(r, shop, r.Loc.T("tender.kinds.title"))
	p.Path = kinds
	p.Crumbs = []ui.Link{{Label: r.Loc.T("tender.title"), Href: Path}, {Label: p.Title}}
	return kindsPage(p, v)
}

func (d Deps) kinds(r *request.Request) error {
	shop, answered, err := d.follower(r)
	if err != nil || answered {
		return err
	}
	v, err := d.loadKinds(r, shop)
	if err != nil {
		return err
	}
	return r.Render(d.kindsPage(r, shop, v))
}

// follow adds a kind; following it twice is following it once.
func (d Deps) follow(r *request.Request) error {
	shop, answered, err := d.follower(r)
	if err != nil || answered {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	cmd := announce.FollowCmd{CategoryID: market.CategoryID(f.Text("category", 0, idMax)),
		RegionID: market.RegionID(f.Text("region", 0, idMax))}
	if err = f.Err(); err == nil {
		err = d.Announce.Follow(r.Context(), r.Actor, shop.ID, cmd)
	}
	if err != nil {
		v, loadErr := d.loadKinds(r, shop)
		if loadErr != nil {
			return loadErr
		}
		return r.Fail(err, func(p request.Problems) templ.Component {
			v.Problems, v.Category, v.Region = p, Shown(f.Values().Get("category")), Shown(f.Values().Get("region"))
			return d.kindsPage(r, shop, v)
		})
	}
	r.Flash(ui.Act, "tender.kinds.added")
	return r.Redirect(kinds)
}

// unfollow drops a kind.
func (d Deps) unfollow(r *request.Request) error {
	shop, answered, err := d.follower(r)
	if err != nil || answered {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	id := f.Text("kind", 1, idMax)
	if f.Err() != nil {
		return lookout.ErrNotFound
	}
	if err := d.Announce.Unfollow(r.Context(), r.Actor, shop.ID, id); err != nil {
		return err
	}
	r.Flash(ui.Info, "tender.kinds.dropped")
	return r.Redirect(kinds)
}

// letters turns mails about followed kinds on and off for who asks.
func (d Deps) letters(r *request.Request) error {
	shop, answered, err := d.follower(r)
	if err != nil || answered {
		return err
	}
	f, err := r.Form()
	if err != nil {
		return err
	}
	if err := d.Announce.Letters(r.Context(), r.Actor, shop.ID, f.Bool("letters")); err != nil {
		return err
	}
	r.Flash(ui.Act, "tender.kinds.letters_kept")
	return r.Redirect(kinds)
}

// what says what kind of wishes a line is.
func (l kindLine) what(loc ui.Loc) string {
	kind, where := l.Kind, l.Where
	if kind == "" {
		kind = loc.T("tender.kinds.any_kind")
	}
	if where == "" {
		where = loc.T("tender.kinds.anywhere")
	}
	return kind + " · " + where
}
