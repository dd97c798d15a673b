package board

import (
	"context"
	"errors"
	"net/url"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// place is where a list of wishes keeps to, and where else it could.
type place struct {
	Asked     string          // as the address says it: "here", an id, or "" for everywhere
	Of        region.Region   // empty for everywhere
	Path      []region.Region // from the province down to Of, for one that was picked
	Provinces []region.Region
	Districts []region.Region // of the province picked
}

// hereAsked is how an address asks for the reader's own neighbourhood, wherever that is.
const hereAsked = "here"

func (p place) chosen() bool { return p.Of.ID != "" }

// placeOf reads where a list keeps to. A place that there is not, or no longer, keeps it nowhere.
func (d Deps) placeOf(ctx context.Context, asked string, here region.Region) (place, error) {
	p := place{}
	err := d.DB.Read(ctx, func(q *db.ReadTx) (err error) {
		if p.Provinces, err = region.List(ctx, q, region.Province); err != nil {
			return err
		}
		if asked == hereAsked {
			if known(here) {
				p.Asked, p.Of = asked, here
			}
			return nil
		}
		of, err := region.Find(ctx, q, market.RegionID(asked))
		if errors.Is(err, region.ErrNotFound) || err == nil && !known(of) {
			return nil
		}
		if err != nil {
			return err
		}
		p.Asked, p.Of = asked, of
		return p.around(ctx, q)
	})
	return p, err
}

// known reports a place smaller than the country.
func known(r region.Region) bool {
	return r.ID != "" && r.ID != region.Korea && r.Level != region.Country
}

// around reads what the picked place lies in, and what one could pick beside it.
func (p *place) around(ctx context.Context, q db.Querier) error {
	above, err := region.Ancestors(ctx, q, p.Of.ID)
	if err != nil {
		return err
	}
	for _, one := range append(above, p.Of) {
		if known(one) {
			p.Path = append(p.Path, one)
		}
	}
	if p.Path[0].Level == region.Province {
		p.Districts, err = region.Children(ctx, q, p.Path[0].ID)
	}
	return err
}

// within reports a region that the picked place is, or lies in.
func (p place) within(id market.RegionID) bool {
	for _, one := range p.Path {
		if one.ID == id {
			return true
		}
	}
	return false
}

func (b board) picks() bool { return b.Picks && len(b.Place.Provinces) > 0 }

// picker opens the places to pick from, or closes them.
func (b board) picker() string {
	if b.Picks {
		return b.href(func(url.Values) {})
	}
	return b.with("pick", "1")
}

// deeper keeps the list to a province and leaves its districts to pick from.
func (b board) deeper(id market.RegionID) string {
	return b.href(func(v url.Values) {
		v.Set("region", string(id))
		v.Set("pick", "1")
	})
}

// title names the list, and where it keeps to.
func (b board) title(loc ui.Loc) string {
	if b.Place.chosen() {
		return loc.T("wanted.region.title", "Place", b.Place.Of.Label(loc.Lang()))
	}
	return loc.T("wanted.title")
}

// wider is where a list that is empty could look instead: the place around the picked one, or everywhere.
func (b board) wider(loc ui.Loc) ui.Button {
	if n := len(b.Place.Path); n > 1 {
		above := b.Place.Path[n-2]
		return ui.Button{Label: loc.T("wanted.region.wider", "Place", above.Label(loc.Lang())),
			Href: b.with("region", string(above.ID))}
	}
	return ui.Button{Label: loc.T("wanted.region.everywhere_too"), Href: b.with("region", "")}
}

// feed is the address of this list for readers of feeds, in a form of theirs: the same kind and the same place.
func (b board) feed(form string) string {
	v := url.Values{}
	if b.Place.chosen() {
		v.Set("region", string(b.Place.Of.ID))
	}
	if b.Kind.ID != "" {
		v.Set("category", string(b.Kind.ID))
	}
	if len(v) == 0 {
		return "/wanted." + form
	}
	return "/wanted." + form + "?" + v.Encode()
}

// feeds are what a reader of feeds may follow of this list: all of it, and what is chosen.
func (b board) feeds(loc ui.Loc) []ui.Link {
	out := []ui.Link{{Label: loc.T("outside.feed.title"), Href: "/wanted.atom"}}
	if at := b.feed("atom"); at != out[0].Href {
		out = append(out, ui.Link{Label: b.title(loc), Href: at})
	}
	return out
}
