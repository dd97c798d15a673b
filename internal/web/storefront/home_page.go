package storefront

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/storefront/listing"
	"github.com/dure-commerce/dure/internal/web/storefront/word"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// window is a neighbourhood's page before it has words.
type window struct {
	Of      region.Region
	Adopt   bool // the page of a region that is not the reader's own: offer to make it so
	Shelves catalog.Shelves
	Moments []moment
	Shops   []catalog.Shop
	Kinds   []category.Category
	Others  listing.Shelf                   // shops that are no members
	Wishes  func(lead bool) templ.Component // nil shows none
	Now     time.Time
}

type moment struct {
	catalog.Moment
	Card catalog.Card
}

const (
	homeCards   = 60
	homeShops   = 8
	momentsRead = 24
	momentsShow = 5
	shelfShow   = 12 // "see all" leads to the rest
	gridShow    = 24
)

func (d Deps) home(r *request.Request) error {
	here, err := d.Here(r)
	if err != nil {
		return err
	}
	return d.showRegion(r, here, false)
}

// regionHome is the page of a named region, for links that are passed on; it changes nothing in the browser.
func (d Deps) regionHome(r *request.Request) error {
	id := market.RegionID(r.PathValue("region"))
	of := country()
	if id != region.Korea {
		found, err := region.Find(r.Context(), d.DB, id)
		if err != nil {
			return err
		}
		of = found
	}
	here, err := d.Here(r)
	if err != nil {
		return err
	}
	return d.showRegion(r, of, here.ID != of.ID)
}

func (d Deps) showRegion(r *request.Request, of region.Region, adopt bool) error {
	view := window{Of: of, Adopt: adopt, Now: r.Now}
	if err := d.readWindow(r.Context(), &view); err != nil {
		return err
	}
	page := r.Page(r.Loc.T("storefront.home.title", "Place", of.FullLabel(r.Loc.Lang())))
	page.Description = r.Loc.T("storefront.home.description", "Place", of.FullLabel(r.Loc.Lang()))
	page.Place = ui.Place{Name: of.Label(r.Loc.Lang()), Href: "/regions"}
	page.Canonical, page.Picture = "/r/"+string(of.ID), "/r/"+string(of.ID)+"/card.png"
	page.NoIndex = false
	if of.ID == region.Korea {
		page.Canonical, page.Picture = "/", "/card.png"
	}
	return r.Render(homePage(page, view))
}

// readWindow reads a region's page from one consistent view.
func (d Deps) readWindow(ctx context.Context, view *window) error {
	return d.DB.Read(ctx, func(q *db.ReadTx) error {
		shown, err := catalog.ShownIn(ctx, q, view.Now)
		if err != nil {
			return err
		}
		scope, err := catalog.ScopeOf(ctx, q, view.Of, shown)
		if err != nil {
			return err
		}
		cards, err := scoped(ctx, q, scope.Of(shown), catalog.Filter{Limit: homeCards}, view.Now)
		if err != nil {
			return err
		}
		regions, err := catalog.RegionsOf(ctx, q, catalog.IDs(cards))
		if err != nil {
			return err
		}
		own := func(c catalog.Card) bool {
			for _, id := range regions[c.Deal.ID] {
				if scope.Inside(id) {
					return true
				}
			}
			return false
		}
		view.Shelves = catalog.Sort(cards, own, view.Now)
		if view.Moments, err = momentsOf(ctx, q, cards); err != nil {
			return err
		}
		view.Shops, err = catalog.Shops(ctx, q, catalog.ShopFilter{Limit: homeShops, Within: scope.Of(shown)})
		if err != nil {
			return err
		}
		if view.Others, err = listing.Load(ctx, q, view.Of); err != nil {
			return err
		}
		if d.Wanted != nil {
			if view.Wishes, err = d.Wanted(ctx, q, view.Of, view.Now); err != nil {
				return err
			}
		}
		view.Kinds, err = topKinds(ctx, q)
		return err
	})
}

// scoped lists the deals of a scope. A scope that holds none of the regions in use holds no deal.
func scoped(
	ctx context.Context, q db.Querier, regions []market.RegionID, f catalog.Filter, now time.Time,
) ([]catalog.Card, error) {
	f.Regions = regions
	if f.Regions != nil && len(f.Regions) == 0 {
		return nil, nil
	}
	return catalog.List(ctx, q, f, now)
}

// momentsOf keeps the newest happenings with the deals on the page, at most one of a deal and kind.
func momentsOf(ctx context.Context, q db.Querier, cards []catalog.Card) ([]moment, error) {
	told, err := catalog.Moments(ctx, q, momentsRead)
	if err != nil {
		return nil, err
	}
	by := make(map[market.DealID]catalog.Card, len(cards))
	for _, c := range cards {
		by[c.Deal.ID] = c
	}
	var out []moment
	seen := map[string]bool{}
	for _, t := range told {
		c, there := by[t.DealID]
		key := t.Kind + string(t.DealID)
		if !there || seen[key] || len(out) == momentsShow {
			continue
		}
		seen[key] = true
		out = append(out, moment{t, c})
	}
	return out, nil
}

func topKinds(ctx context.Context, q db.Querier) ([]category.Category, error) {
	all, err := category.List(ctx, q)
	if err != nil {
		return nil, err
	}
	var out []category.Category
	for _, c := range all {
		if c.ParentID == "" {
			out = append(out, c)
		}
	}
	return out, nil
}

// tile is a deal in a list.
type tile struct {
	Href, Title, Line, Shop, Guests string
	Tone                            ui.Tone
	Price                           ui.Price
	Picture                         ui.Picture
	Chip                            ui.Chip
	Joined                          string
	Note                            string // "1.2km", "지금 쓸 수 있어요"
}

func tileOf(loc ui.Loc, c catalog.Card, now time.Time) tile {
	t := tile{Href: "/d/" + string(c.Deal.ID), Title: c.Title, Shop: c.MerchantName,
		Price:   ui.Price{Now: c.Price, List: c.ListPrice, Off: c.Off(), From: c.Options > 1, Size: "s"},
		Picture: word.Picture(c.Picture, "", c.CategoryID, string(c.Deal.ID)), Chip: word.PhaseOf(c.Deal, now).Chip(loc),
		Joined: loc.T("storefront.joined", "Joined", word.Joined(loc, c.Deal))}
	t.Line, t.Tone = word.Line(loc, c.Deal, now)
	t.Price.List = 0
	if c.Asked.GuestsAnswered > 0 {
		t.Guests = tenths(c.Asked.GuestsTenths())
	}
	return t
}

func tilesOf(loc ui.Loc, cards []catalog.Card, now time.Time) []tile {
	out := make([]tile, len(cards))
	for i, c := range cards {
		out[i] = tileOf(loc, c, now)
	}
	return out
}

// events words what just happened, without a name.
func (w window) events(loc ui.Loc) []ui.Event {
	out := make([]ui.Event, len(w.Moments))
	tones := map[string]ui.Tone{"order.paid": ui.Gather, "deal.tipped": ui.Act, "voucher.redeemed": ui.Act}
	for i, m := range w.Moments {
		d := m.Card.Deal
		e := ui.Event{At: m.At, Now: w.Now, Tone: tones[m.Kind], Href: "/d/" + string(d.ID), Who: m.Card.Title}
		switch m.Kind {
		case "order.paid":
			e.Text = loc.T("storefront.moment.paid", "Title", m.Card.Title)
			if !d.Tipped() && !d.State.Terminal() {
				e.Won = loc.T("storefront.moment.of", "Done", loc.Count(d.Progress()), "Goal", loc.Count(d.Threshold))
				if d.ThresholdKind == "won" {
					e.Won = ""
				}
			}
		case "deal.tipped":
			e.Text = loc.T("storefront.moment.tipped", "Title", m.Card.Title)
		default:
			e.Who, e.Text = m.Card.MerchantName, loc.T("storefront.moment.visit", "Shop", m.Card.MerchantName)
			e.Sub = m.Card.Title
		}
		out[i] = e
	}
	return out
}
