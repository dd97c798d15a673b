package gone

import (
	"net/http"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// view is a wish that was taken down, as one reader sees it.
type view struct {
	Wish   wish.Wish
	Said   *wish.Said // what it said, for its author; nil for everybody else
	Seller ui.Seller  // who runs the site, and hears objections
}

// Show answers with the notice, and that the wish is gone.
func Show(r *request.Request, q db.Querier, w wish.Wish) error {
	v := view{Wish: w}
	if r.Actor.SignedIn() && r.Actor.AccountID == w.AuthorID {
		said, err := wish.SaidOf(r.Context(), q, []market.WishID{w.ID})
		if err != nil {
			return err
		}
		own := said[w.ID]
		v.Said = &own
	}
	page := v.frame(r.Page(r.Loc.T("gone.title")))
	v.Seller = page.Seller
	return r.RenderStatus(http.StatusGone, gonePage(page, v))
}

// frame names the page; search engines forget it, and nothing leads back to what it said.
func (v view) frame(page ui.Page) ui.Page {
	page.Title, page.NoIndex, page.Back = page.Loc.T("gone.title"), true, "/wanted"
	return page
}

// facts are when, on which ground and why.
func (v view) facts(page ui.Page) []ui.Pair {
	loc := page.Loc
	return []ui.Pair{
		{Key: loc.T("gone.ground"), Value: loc.T(v.Wish.Down.Ground.NameKey())},
		{Key: loc.T("gone.words"), Value: v.Wish.Down.Words},
		{Key: loc.T("gone.at"), Value: loc.DateTime(v.Wish.Down.At, page.Now)},
	}
}

// contacts are the ways to reach whoever runs the site, as far as they are known.
func (v view) contacts(loc ui.Loc) []ui.Pair {
	var out []ui.Pair
	for _, one := range []struct{ key, value string }{{"gone.email", v.Seller.Email}, {"gone.phone", v.Seller.Phone},
		{"gone.address", v.Seller.Address}} {
		if one.value != "" {
			out = append(out, ui.Pair{Key: loc.T(one.key), Value: one.value})
		}
	}
	return out
}
