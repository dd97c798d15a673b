package wanted

import (
	"strings"

	"github.com/dure-commerce/dure/internal/flow/wanted"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/wish"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
	"github.com/dure-commerce/dure/internal/web/wanted/stage"
)

// clickKey holds in the browser's session the click of a guest, until they have signed in. Only a form of ours can put
// it there.
const clickKey = "wanted.click"

// joinFromAbroad answers a form on a foreign page: it leads to the question, and joins nobody.
func (d Deps) joinFromAbroad(r *request.Request) error {
	return r.Redirect("/w/" + r.PathValue("wish") + "/join")
}

// join takes, changes or gives back the reader's place. A guest signs in first and finds the click done.
func (d Deps) join(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	kind := wish.Kind(form.Choice("kind", string(wish.Firm), string(wish.Watching), string(wish.Away)))
	if err := form.Err(); err != nil {
		return err
	}
	id := market.WishID(r.PathValue("wish"))
	if !r.Actor.SignedIn() {
		if _, err := wish.Find(r.Context(), d.DB, id); err != nil {
			return err
		}
		r.Keep(clickKey, string(id)+" "+string(kind))
		return r.Redirect("/signin?next=" + stage.Href(id) + "/join")
	}
	return d.take(r, id, kind)
}

// take asks for the place and goes to the wish's page. Who has no confirmed address looks on until they have.
func (d Deps) take(r *request.Request, id market.WishID, kind wish.Kind) error {
	if kind == wish.Firm {
		kind = wish.FirstPlace(r.Actor.Confirmed)
	}
	joined, err := d.Wanted.Join(r.Context(), wanted.JoinCmd{Actor: r.Actor, WishID: id, Kind: kind})
	switch fail.KindOf(err) {
	case fail.Gone, fail.Conflict, fail.Unavailable, fail.TooMany:
		if err != nil {
			r.Flash(ui.Warn, "wanted.said", "Text", r.Say(err))
			return r.Redirect(stage.Href(id))
		}
	}
	if err != nil {
		return err
	}
	key := "wanted.joined." + string(joined.Member.Kind)
	if joined.Reached && joined.Member.Counts() {
		key = "wanted.joined.reached"
	}
	r.Flash(ui.Act, key)
	return r.Redirect(stage.Href(id))
}

// joinForm completes the click of somebody who signed in for it, and asks everybody else whether they want to join.
func (d Deps) joinForm(r *request.Request) error {
	id := market.WishID(r.PathValue("wish"))
	if r.Actor.SignedIn() {
		clicked, kind, _ := strings.Cut(r.Kept(clickKey), " ")
		if clicked == string(id) {
			r.Keep(clickKey, "")
			return d.take(r, id, wish.Kind(kind))
		}
	}
	v, err := d.viewOf(r)
	if err != nil {
		return err
	}
	if !v.open() || v.Own.Counts() {
		return r.Redirect(v.href())
	}
	page := v.frame(r.Page(v.Wish.Name))
	page.Back, page.NoIndex, page.LiveTopics = v.href(), true, nil
	return r.Render(joinPage(page, v))
}
