package listing

import (
	"errors"
	"net/url"
	"strings"

	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/directory"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// sign is one shop's page.
type sign struct {
	Entry   directory.Entry
	Kind    string // our word for its trade, "" where it has none
	Where   region.Region
	Claimed bool // given to a shop whose page is not open: nothing to claim and nowhere to lead
}

func (d Deps) entry(r *request.Request) error {
	ctx := r.Context()
	e, err := directory.Find(ctx, d.DB, directory.EntryID(r.PathValue("entry")))
	if err != nil {
		return err
	}
	v := sign{Entry: e}
	if e.State == directory.Claimed {
		m, err := merchant.Find(ctx, d.DB, e.MerchantID)
		if err == nil && m.Public() {
			return r.Redirect("/m/" + url.PathEscape(m.Slug))
		}
		if err != nil && !errors.Is(err, merchant.ErrNotFound) {
			return err
		}
		v.Claimed = true
	}
	kind, err := category.Find(ctx, d.DB, e.CategoryID)
	if err != nil && !errors.Is(err, category.ErrNotFound) {
		return err
	}
	if v.Where, err = d.where(ctx, e.RegionID); err != nil {
		if !errors.Is(err, region.ErrNotFound) {
			return err
		}
		v.Where = country()
	}
	lang := r.Loc.Lang()
	v.Kind = kind.Label(lang)
	p := r.Page(e.Title())
	p.Description = r.Loc.T("listing.entry.description", "Shop", e.Title(), "Place", v.Where.FullLabel(lang))
	p.Canonical, p.NoIndex = Href(e.ID), false
	if p.Crumbs, err = d.up(ctx, lang, v.Where, true); err != nil {
		return err
	}
	p.Crumbs = append(p.Crumbs, ui.Link{Label: e.Title()})
	return r.Render(entryPage(p, v))
}

// pairs is what the register says, as far as it says anything.
func (v sign) pairs(loc ui.Loc) []ui.Pair {
	var out []ui.Pair
	add := func(key, value string) {
		if strings.TrimSpace(value) != "" {
			out = append(out, ui.Pair{Key: loc.T(key), Value: value})
		}
	}
	trade := v.Entry.Industry
	if trade == "" {
		trade = v.Kind
	}
	add("listing.kind", trade)
	add("listing.address", v.Entry.Door())
	if v.Entry.Address != "" {
		add("listing.lot", v.Entry.LotAddress)
	}
	add("listing.building", v.Entry.Building)
	return out
}

// halveAt is how many rows still stand in one card.
const halveAt = 8

// around is what every address of a neighbourhood begins with: 서울특별시 성동구.
func around(of region.Region) string {
	if of.Level != region.Neighbourhood {
		return ""
	}
	return strings.TrimSuffix(of.FullName, of.Name)
}

// line is what stands beneath a shop's name in a list.
func line(e directory.Entry, around string) string {
	door := strings.TrimPrefix(e.Door(), around)
	if e.Industry == "" || door == "" {
		return e.Industry + door
	}
	return e.Industry + " · " + door
}
