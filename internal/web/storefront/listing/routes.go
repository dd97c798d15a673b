package listing

import (
	"context"
	"net/http"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/search"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// Deps are what the pages work with.
type Deps struct {
	Frame *request.Frame
	DB    *db.DB
	Index *search.Index // of the directory; nil finds nothing
}

// Routes mounts the pages.
func Routes(mux *http.ServeMux, d Deps) {
	mux.Handle("GET /r/{region}/shops", d.Frame.Handle(d.list))
	mux.Handle("GET /shops/{entry}", d.Frame.Handle(d.entry))
}

func say(ctx context.Context, key string, pairs ...any) string { return ui.L(ctx).T(key, pairs...) }

// Href is the page of an entry.
func Href(id directory.EntryID) string { return "/shops/" + string(id) }

// listHref is the list of a region.
func listHref(id market.RegionID) string { return "/r/" + string(id) + "/shops" }

// claimHref is where somebody says that an entry is their shop.
func claimHref(id directory.EntryID) string { return "/office/claim/" + string(id) }

// country is the region around all others.
func country() region.Region {
	return region.Region{ID: region.Korea, Level: region.Country, Code: "KR", Name: "전국", NameEN: "All of Korea",
		FullName: "전국", FullNameEN: "All of Korea"}
}

// where finds the region of an address.
func (d Deps) where(ctx context.Context, id market.RegionID) (region.Region, error) {
	if id == region.Korea {
		return country(), nil
	}
	return region.Find(ctx, d.DB, id)
}

// up leads from the country down to a region's list.
func (d Deps) up(ctx context.Context, lang string, of region.Region, itself bool) ([]ui.Link, error) {
	links := []ui.Link{{Label: country().Label(lang), Href: listHref(region.Korea)}}
	if of.ID == region.Korea {
		return links, nil
	}
	around, err := region.Ancestors(ctx, d.DB, of.ID)
	if err != nil {
		return nil, err
	}
	if itself {
		around = append(around, of)
	}
	for _, one := range around {
		if one.Level != region.Country {
			links = append(links, ui.Link{Label: one.Label(lang), Href: listHref(one.ID)})
		}
	}
	return links, nil
}
