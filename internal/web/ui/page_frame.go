package ui

import (
	"context"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/web/ui/asset"
)

// Link is a word that leads somewhere.
type Link struct{ Label, Href string }

// Viewer is who looks at the page; nil means a guest.
type Viewer struct {
	Name   string
	Href   string // own page
	Unread int64  // unread notices, shown at the bell
	Roles  []Link // other desks this person may open: shop office, operator console
}

// NavItem is one entry of a bottom bar, top menu or side menu.
type NavItem struct {
	Label, Href, Icon string
	Count             int64
	Here              bool
	Group             string // heading above this and the following items (side menu only)
}

// Place is the neighbourhood the shopper looks at, with the page that changes it.
type Place struct{ Name, Href string }

// Seller names who runs the site and how the law lets people reach them; it stands at every foot.
type Seller struct {
	Name, Head, Number, MailOrder, Address, Phone, Email string
	Broker                                               bool // the operator is not the seller of record
	Links                                                []Link
}

// Demo marks a page of the demonstration town.
type Demo struct {
	Text  string
	Links []Link // one-click sign-ins
}

// Page is everything around the content of one page.
type Page struct {
	Title, Description string
	Loc                Loc
	Now                time.Time // the server's clock, for countdowns on phones whose clock is off
	Viewer             *Viewer
	Path               string // path and query of this page, for the language switch
	Base               string // "https://dure.example" in front of canonical and picture addresses
	Canonical          string // path search engines should keep; empty means Path without query
	Picture            string // Open Graph picture address
	LiveTopics         []string
	NoIndex            bool
	Crumbs             []Link
	Flash              *Notice
	Place              Place
	Back               string // the bar shows an arrow to here instead of the place
	Heading            string // short title in the bar beside the arrow
	Nav                []NavItem
	NavTitle           string // office: the shop's or console's name
	NavNote            string // office: small line under the name
	Seller             Seller
	Demo               *Demo
	Scripts            []string // further bundles, such as "scan.js"
	Worker             string   // service worker script address
	WorkerScope        string
	Feeds              []Link // Atom feeds of this page
	Embed              string // address that describes how foreign pages show this one (oEmbed), "" for none
}

func (p Page) lang() string {
	if p.Loc == nil {
		return "ko"
	}
	return p.Loc.Lang()
}

func (p Page) fullTitle() string {
	name := p.Loc.T("ui.name")
	if p.Title == "" || p.Title == name {
		return name
	}
	return p.Title + " · " + name
}

func (p Page) canonical() string {
	path := p.Canonical
	if path == "" {
		path, _, _ = strings.Cut(p.Path, "?")
	}
	return p.Base + path
}

func (p Page) picture() string {
	if strings.HasPrefix(p.Picture, "/") {
		return p.Base + p.Picture
	}
	return p.Picture
}

// painted reports a picture of the size that all our own have.
func (p Page) painted() bool { return strings.Contains(p.Picture, "/card.png") }

func (p Page) topics() string { return strings.Join(p.LiveTopics, ",") }

func (p Page) now() string {
	if p.Now.IsZero() {
		return ""
	}
	return p.Now.UTC().Format(time.RFC3339)
}

func (p Page) ogLocale() string {
	if p.lang() == "ko" {
		return "ko_KR"
	}
	return "en_US"
}

// LangHref gives the address that changes the language and comes back to path.
func LangHref(lang, path string) string { return "/lang/" + lang + "?next=" + url.QueryEscape(path) }

// shopNav is the thumb bar of a shopper unless the page brings its own.
func (p Page) shopNav() []NavItem {
	if len(p.Nav) > 0 {
		return p.Nav
	}
	items := []NavItem{
		{Label: p.Loc.T("ui.nav.home"), Href: "/", Icon: "house"},
		{Label: p.Loc.T("ui.nav.wanted"), Href: "/wanted", Icon: "hand-heart"}, // to find is in the bar of every page
		{Label: p.Loc.T("ui.nav.kept"), Href: "/kept", Icon: "bookmark"},
		{Label: p.Loc.T("ui.nav.voucher"), Href: "/vouchers", Icon: "ticket"},
		{Label: p.Loc.T("ui.nav.me"), Href: "/me", Icon: "user"},
	}
	path, _, _ := strings.Cut(p.Path, "?")
	for i := range items {
		items[i].Here = path == items[i].Href
	}
	return items
}

// thumbs picks what fits under a thumb: four entries and a last one that opens the rest.
func (p Page) thumbs() []NavItem {
	if len(p.Nav) <= 5 {
		return p.Nav
	}
	return p.Nav[:5]
}

// Shell is the layout of every page for shoppers: bar, content, foot and the thumb bar on phones.
func Shell(p Page) Layout { return Layout{page: p, kind: "shop"} }

// Office is the desk layout of the merchant office and the operator console: side menu on wide screens.
func Office(p Page) Layout { return Layout{page: p, kind: "office"} }

// Bare is the layout without menus: scanning, paying, printing.
func Bare(p Page) Layout { return Layout{page: p, kind: "bare"} }

// Layout is a page waiting for its content; it hands its language to everything inside.
type Layout struct {
	page Page
	kind string
}

// Render writes the whole document; the content is the component's children.
func (l Layout) Render(ctx context.Context, w io.Writer) error {
	ctx = WithLoc(ctx, l.page.Loc)
	switch l.kind {
	case "office":
		return office(l.page).Render(ctx, w)
	case "bare":
		return bare(l.page, "bare").Render(ctx, w)
	case "plate":
		return bare(l.page, "plate").Render(ctx, w)
	}
	return shell(l.page).Render(ctx, w)
}

func file(name string) string { return asset.URL(name) }
