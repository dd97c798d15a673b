package request

import (
	"strings"

	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/right"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Page begins a page: its title, and everything around the content that the request knows.
func (r *Request) Page(title string) ui.Page {
	page := ui.Page{
		Title: title, Loc: r.Loc, Now: r.Now, Path: r.URL.RequestURI(), Base: r.frame.Base, Seller: r.frame.Seller,
		Viewer: r.viewer(), Flash: r.flash(),
	}
	if r.Actor.SignedIn() {
		page.NoIndex = true
	}
	if r.frame.Place != nil && !r.bare {
		page.Place = r.frame.Place(r)
	}
	if r.frame.Demo && r.frame.Ribbon != nil {
		page.Demo = r.frame.Ribbon(r.Loc, page.Path)
	}
	return page
}

func (r *Request) viewer() *ui.Viewer {
	if !r.Actor.SignedIn() {
		return nil
	}
	viewer := &ui.Viewer{Name: r.Actor.Name, Href: "/me", Roles: r.desks()}
	if r.frame.Unread != nil {
		viewer.Unread = r.frame.Unread(r.Context(), r.Actor)
	}
	return viewer
}

// desks are the places of work this person may open.
func (r *Request) desks() []ui.Link {
	var links []ui.Link
	leads, serves := false, false
	for _, m := range r.Actor.Memberships {
		leads = leads || m.Role != market.RoleScan
		serves = true
	}
	if leads {
		links = append(links, ui.Link{Label: r.Loc.T("request.desk_office"), Href: "/office"})
	}
	if serves {
		links = append(links, ui.Link{Label: r.Loc.T("request.desk_counter"), Href: "/counter"})
	}
	if right.Can(r.Actor, right.ConsoleView, right.Resource{}) {
		links = append(links, ui.Link{Label: r.Loc.T("request.desk_console"), Href: "/admin"})
	}
	return links
}

// Flash makes the next page begin with a sentence of the catalogue; pairs fill it.
func (r *Request) Flash(tone ui.Tone, key string, pairs ...any) {
	r.frame.Sessions.Put(r.Context(), flashKey, string(tone)+"|"+r.Loc.T(key, pairs...))
}

func (r *Request) flash() *ui.Notice {
	if r.bare {
		return nil
	}
	kept := r.frame.Sessions.Pop(r.Context(), flashKey)
	tone, text, ok := strings.Cut(kept, "|")
	if !ok {
		return nil
	}
	return &ui.Notice{Text: text, Tone: ui.Tone(tone)}
}
