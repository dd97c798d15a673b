package robot

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/web/request"
)

// Deps are what the files are made of.
type Deps struct {
	Frame *request.Frame
	DB    *db.DB
}

// Routes mounts robots.txt and the map of the site: an index of pages of at most catalog.SitePage addresses each.
func Routes(mux *http.ServeMux, d Deps) {
	mux.Handle("GET /robots.txt", d.Frame.Handle(d.robots))
	mux.Handle("GET /sitemap.xml", d.Frame.Handle(d.index))
	mux.Handle("GET /sitemap/{page}", d.Frame.Handle(d.page))
}

// private are the beginnings of addresses that are somebody's own, that lead in circles, or that are no pages.
func private() []string {
	return []string{"/account", "/admin", "/api/", "/counter", "/demo", "/feedback", "/forgot", "/hooks/", "/invitation",
		"/kept", "/lang/", "/letters/", "/live", "/me", "/notices", "/o/", "/office", "/orders", "/outbox", "/reset",
		"/search", "/setup", "/signin", "/signout", "/signup", "/stories", "/vouchers", "/d/*/part/"}
}

const aWhile = "public, max-age=3600"

// robots asks robots to read what is public. A demonstration asks them to read nothing: its shops do not exist.
func (d Deps) robots(r *request.Request) error {
	r.W.Header().Set("Content-Type", "text/plain; charset=utf-8")
	r.W.Header().Set("Cache-Control", aWhile)
	var b strings.Builder
	b.WriteString("User-agent: *\n")
	if r.Demo() {
		b.WriteString("Disallow: /\n")
	} else {
		for _, path := range private() {
			b.WriteString("Disallow: " + path + "\n")
		}
		b.WriteString("Allow: /\n\nSitemap: " + r.Base() + "/sitemap.xml\n")
	}
	_, err := r.W.Write([]byte(b.String()))
	return err
}

type siteIndex struct {
	XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 sitemapindex"`
	Pages   []place  `xml:"sitemap"`
}

type siteMap struct {
	XMLName xml.Name `xml:"http://www.sitemaps.org/schemas/sitemap/0.9 urlset"`
	Pages   []place  `xml:"url"`
}

type place struct {
	Address string `xml:"loc"`
}

func (d Deps) index(r *request.Request) error {
	site, err := catalog.CountSite(r.Context(), d.DB, r.Now)
	if err != nil {
		return err
	}
	index := siteIndex{Pages: []place{{r.Base() + "/sitemap/regions-0.xml"}}}
	for _, part := range []struct {
		name string
		all  int64
	}{{"shops", site.Shops}, {"deals", site.Deals}} {
		for page := range (part.all + catalog.SitePage - 1) / catalog.SitePage {
			index.Pages = append(index.Pages, place{fmt.Sprintf("%s/sitemap/%s-%d.xml", r.Base(), part.name, page)})
		}
	}
	return write(r, index)
}

func (d Deps) page(r *request.Request) error {
	name, ok := strings.CutSuffix(r.PathValue("page"), ".xml")
	kind, number, cut := strings.Cut(name, "-")
	page, err := strconv.ParseUint(number, 10, 31)
	if !ok || !cut || err != nil {
		return request.ErrNoPage
	}
	var paths []string
	switch kind {
	case "regions":
		paths, err = d.regions(r, page)
	case "shops":
		var slugs []string
		slugs, err = catalog.SiteShops(r.Context(), d.DB, int64(page))
		paths = each("/m/", slugs)
	case "deals":
		ids, readErr := catalog.SiteDeals(r.Context(), d.DB, r.Now, int64(page))
		paths, err = each("/d/", ids), readErr
	}
	if err != nil {
		return err
	}
	if len(paths) == 0 {
		return request.ErrNoPage
	}
	site := siteMap{Pages: make([]place, len(paths))}
	for i, path := range paths {
		site.Pages[i].Address = r.Base() + path
	}
	return write(r, site)
}

// regions are the front page and those of every region in which a public deal is shown.
func (d Deps) regions(r *request.Request, page uint64) ([]string, error) {
	if page > 0 {
		return nil, nil
	}
	shown, err := catalog.ShownIn(r.Context(), d.DB, r.Now)
	if err != nil {
		return nil, err
	}
	paths := []string{"/", "/trust"}
	for _, id := range shown {
		if id != region.Korea {
			paths = append(paths, "/r/"+url.PathEscape(string(id)))
		}
	}
	return paths, nil
}

func each[T ~string](folder string, names []T) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = folder + url.PathEscape(string(name))
	}
	return out
}

func write(r *request.Request, what any) error {
	text, err := xml.Marshal(what)
	if err != nil {
		return fmt.Errorf("sitemap: %w", err)
	}
	r.W.Header().Set("Content-Type", "application/xml; charset=utf-8")
	r.W.Header().Set("Cache-Control", aWhile)
	_, err = r.W.Write(append([]byte(xml.Header), text...))
	return err
}
