package storefront

import (
	"context"
	"errors"
	"time"

	"github.com/a-h/templ"

	"github.com/dure-commerce/dure/internal/flow/follow"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/category"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/market/region"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/ui"
)

// load reads a deal's sheet from one consistent view.
func (d Deps) load(ctx context.Context, actor market.Actor, lang string, id market.DealID) (sheet, error) {
	s := sheet{Now: d.DB.Clock().Now()}
	err := d.DB.Read(ctx, func(q *db.ReadTx) (err error) {
		if s.Sheet, err = catalog.Find(ctx, q, id, s.Now); err != nil {
			return err
		}
		if s.Seller, err = catalog.FindSeller(ctx, q, s.Deal.MerchantID); err != nil {
			return err
		}
		places, err := catalog.Branches(ctx, q, []market.MerchantID{s.Deal.MerchantID})
		if err != nil {
			return err
		}
		s.Branches = branchesOf(places[s.Deal.MerchantID], s.Terms.Branches)
		if s.Where, s.Category, err = namesOf(ctx, q, lang, s.Regions, s.CategoryID); err != nil {
			return err
		}
		if !actor.SignedIn() {
			return nil
		}
		_, s.Own = actor.Membership(s.Deal.MerchantID)
		s.Kept, s.Notify, err = deal.Bookmarked(ctx, q, actor.AccountID, id)
		return err
	})
	return s, err
}

// namesOf words where a deal is and what kind it is; what is not in the lists stays unsaid.
func namesOf(
	ctx context.Context, q db.Querier, lang string, regions []market.RegionID, kind market.CategoryID,
) (where, what string, err error) {
	if len(regions) > 0 {
		r, err := region.Find(ctx, q, regions[0])
		if err != nil && !errors.Is(err, region.ErrNotFound) {
			return "", "", err
		}
		where = r.Label(lang)
	}
	c, err := category.Find(ctx, q, kind)
	if err != nil && !errors.Is(err, category.ErrNotFound) {
		return "", "", err
	}
	return where, c.Label(lang), nil
}

func (d Deps) sheetOf(r *request.Request) (sheet, error) {
	return d.load(r.Context(), r.Actor, r.Loc.Lang(), market.DealID(r.PathValue("deal")))
}

func (d Deps) deal(r *request.Request) error {
	s, err := d.sheetOf(r)
	if err != nil {
		return err
	}
	page := r.Page(s.Title)
	page.Description, page.Canonical, page.Picture = s.share(r.Loc), s.href(), s.cardHref()
	page.NoIndex = false
	page.Back = "/"
	if s.phase().Live() {
		page.LiveTopics = []string{"deal:" + string(s.Deal.ID)}
	}
	return r.Render(dealPage(page, s))
}

// dealPart answers one live region and nothing else.
func (d Deps) dealPart(r *request.Request) error {
	parts := map[string]func(sheet) templ.Component{"meter": meterPart, "state": statePart, "act": actPart}
	part, known := parts[r.PathValue("part")]
	if !known {
		return request.ErrNoPage
	}
	s, err := d.sheetOf(r)
	if err != nil {
		return err
	}
	return r.Render(ui.Fragment(r.Loc, part(s)))
}

// keep bookmarks a deal, or lets the bookmark go, and comes back to its page.
func (d Deps) keep(r *request.Request) error {
	form, err := r.Form()
	if err != nil {
		return err
	}
	id := market.DealID(r.PathValue("deal"))
	what := form.Choice("what", "keep", "tell", "drop")
	if err := form.Err(); err != nil {
		return err
	}
	key := "deal.dropped"
	if what == "drop" {
		err = d.Follow.Drop(r.Context(), r.Actor, id)
	} else {
		key = "deal.kept_" + what
		err = d.Follow.Keep(r.Context(), r.Actor, follow.KeepCmd{DealID: id, Notify: what == "tell"})
	}
	if err != nil {
		return err
	}
	r.Flash(ui.Act, key)
	return r.Redirect("/d/" + r.PathValue("deal"))
}

// today words a branch's hours of this day, and whether it is open.
func today(loc ui.Loc, h merchant.Hours, now time.Time) (text string, open bool) {
	if h.Never() {
		return loc.T("deal.hours.unknown"), false
	}
	if end, ok := h.ClosesAt(now, deal.Zone); ok {
		return loc.T("deal.hours.open", "Time", loc.Time(end)), true
	}
	if h.OpenAt(now, deal.Zone) {
		return loc.T("deal.hours.always"), true
	}
	next, ok := h.NextOpening(now, deal.Zone)
	if !ok {
		return loc.T("deal.hours.closed"), false
	}
	if loc.Day(next) == loc.Day(now) {
		return loc.T("deal.hours.opens_today", "Time", loc.Time(next)), false
	}
	return loc.T("deal.hours.opens", "Day", loc.Day(next), "Time", loc.Time(next)), false
}
