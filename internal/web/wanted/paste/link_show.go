package paste

import (
	"context"
	"net/http"
	"net/url"

	"github.com/dure-commerce/dure/internal/flow/glimpse"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/photo"
	"github.com/dure-commerce/dure/internal/market/linkcard"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Href is where a link is pasted to: a form with the field "link".
const Href = "/wanted/preview"

// Deps are what the part works with.
type Deps struct {
	Frame   *request.Frame
	Glimpse *glimpse.Glimpse
}

// Routes mounts the part.
func Routes(mux *http.ServeMux, d Deps) { mux.Handle("POST "+Href, d.Frame.Signed(d.look)) }

const linkMax = 500

// found is what a link said, or why it said nothing.
type found struct {
	linkcard.Card
	Problem string
}

// look answers with the part for the form; a browser without script is led to the form that holds it.
func (d Deps) look(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	link := form.Text("link", 0, linkMax)
	card, err := d.Glimpse.Look(r.Context(), r.Actor, link)
	view := found{Card: card}
	if err != nil {
		if fail.KindOf(err) == fail.Internal || fail.KindOf(err) == fail.Unauthenticated {
			return err
		}
		view = found{Problem: r.Say(err)}
	}
	if !r.Fragment() {
		fields := url.Values{"link": {link}, "name": {card.Title}, "photo_ref": {card.Photo}}
		return r.Redirect("/wanted/new?" + fields.Encode())
	}
	return r.Render(part(view))
}

// thumb is the small picture of a card, "" for none.
func (f found) thumb() string {
	if f.Photo == "" || photo.Ref(f.Photo).Check() != nil {
		return ""
	}
	return photo.Ref(f.Photo).Thumb()
}

func say(ctx context.Context, key string, pairs ...any) string { return ui.L(ctx).T(key, pairs...) }

// from is whose words these are: the site's name, or the host.
func (f found) from() string {
	if f.Site != "" {
		return f.Site
	}
	u, err := url.Parse(f.URL)
	if err != nil {
		return f.URL
	}
	return u.Hostname()
}
