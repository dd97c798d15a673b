package listing

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

const (
	pageRows  = 30
	foundMax  = 50
	shelfRows = 5
	queryMax  = 60
	nameMax   = 200 // of a cursor: a name and its branch
	keyMax    = 64
)

// list is a region's page of shops.
type list struct {
	Of       region.Region
	Query    string
	Asked    bool
	Rows     []directory.Entry
	First    string // address of the first page, on all later ones
	Next     string
	Inside   []ui.Link // smaller regions, each with a list of its own
	Problems request.Problems
}

func (d Deps) list(r *request.Request) error {
	of, err := d.where(r.Context(), market.RegionID(r.PathValue("region")))
	if err != nil {
		return err
	}
	query, err := r.Query()
	if err != nil {
		return err
	}
	v := list{Of: of, Query: strings.TrimSpace(query.Text("q", 0, queryMax))}
	after := directory.Cursor{Name: query.Text("after", 0, nameMax), ID: directory.EntryID(query.Text("id", 0, keyMax))}
	v.Problems = r.Problems(query.Err())
	status := http.StatusOK
	if len(v.Problems) > 0 {
		status = http.StatusUnprocessableEntity
	} else if err := d.fill(r, &v, after); err != nil {
		return err
	}
	lang := r.Loc.Lang()
	p := r.Page(r.Loc.T("listing.title", "Place", of.Label(lang)))
	p.Description = r.Loc.T("listing.description", "Place", of.FullLabel(lang))
	p.Canonical, p.NoIndex = listHref(of.ID), v.Query != "" || after.ID != ""
	if p.Crumbs, err = d.up(r.Context(), lang, of, false); err != nil {
		return err
	}
	p.Crumbs = append(p.Crumbs, ui.Link{Label: of.Label(lang)})
	return r.RenderStatus(status, listPage(p, v))
}

// fill reads what a region's page shows from one consistent view.
func (d Deps) fill(r *request.Request, v *list, after directory.Cursor) error {
	ctx := r.Context()
	return d.DB.Read(ctx, func(q *db.ReadTx) error {
		if v.Query != "" && d.Index != nil {
			v.Asked = true
			var err error
			v.Rows, err = directory.SearchIn(ctx, q, d.Index, directory.Seek{
				RegionID: v.Of.ID, Place: v.Of.Name, Words: v.Query, Limit: foundMax,
			})
			return err
		}
		rows, next, err := directory.List(ctx, q, directory.Filter{RegionID: v.Of.ID, After: after, Limit: pageRows})
		if err != nil {
			return err
		}
		v.Rows = rows
		if after.ID != "" {
			v.First = listHref(v.Of.ID)
		}
		if next.ID != "" {
			v.Next = listHref(v.Of.ID) + "?" + url.Values{"after": {next.Name}, "id": {string(next.ID)}}.Encode()
		}
		v.Inside, err = inside(ctx, q, r.Loc.Lang(), v.Of)
		return err
	})
}

// inside lists the smaller regions of one.
func inside(ctx context.Context, q db.Querier, lang string, of region.Region) ([]ui.Link, error) {
	children, err := region.Children(ctx, q, of.ID)
	if of.Level == region.Area {
		children, err = region.Members(ctx, q, of.ID)
	}
	links := make([]ui.Link, len(children))
	for i, c := range children {
		links[i] = ui.Link{Label: c.Label(lang), Href: listHref(c.ID)}
	}
	return links, err
}

// Shelf is what a neighbourhood's page shows of the shops that are no members.
type Shelf struct {
	Rows   []directory.Entry
	Around string // what all their addresses begin with
	More   string // address of the whole list, "" shows nothing
}

// Load reads the shelf of a region; where no register was loaded it stays empty.
func Load(ctx context.Context, q db.Querier, of region.Region) (Shelf, error) {
	if of.Level != region.Neighbourhood && of.Level != region.District {
		return Shelf{}, nil
	}
	rows, _, err := directory.List(ctx, q, directory.Filter{RegionID: of.ID, Limit: shelfRows})
	if err != nil {
		return Shelf{}, err
	}
	shelf := Shelf{Rows: rows, Around: around(of)}
	filled := len(rows) > 0
	if !filled && of.Level == region.District { // its neighbourhoods may have some
		if filled, err = directory.Any(ctx, q); err != nil {
			return Shelf{}, err
		}
	}
	if filled {
		shelf.More = listHref(of.ID)
	}
	return shelf, nil
}
