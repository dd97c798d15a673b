package storefront

import (
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/deal"
	"github.com/dure-commerce/dure/internal/market/merchant"
	"github.com/dure-commerce/dure/internal/web/request"
)

// kept is what a person keeps near: deals and shops.
type kept struct {
	Deals []catalog.Card
	Shops []catalog.Shop
	Now   time.Time
}

const keptMax = 60

func (d Deps) keptShow(r *request.Request) error {
	v := kept{Now: r.Now}
	err := d.DB.Read(r.Context(), func(q *db.ReadTx) error {
		ids, err := deal.ListBookmarks(r.Context(), q, r.Actor.AccountID, keptMax)
		if err != nil {
			return err
		}
		if v.Deals, err = catalog.ByIDs(r.Context(), q, ids); err != nil {
			return err
		}
		shops, err := merchant.Followed(r.Context(), q, r.Actor.AccountID, keptMax)
		if err != nil || len(shops) == 0 {
			return err
		}
		v.Shops, err = catalog.Shops(r.Context(), q, catalog.ShopFilter{IDs: shops, Limit: keptMax})
		return err
	})
	if err != nil {
		return err
	}
	page := r.Page(r.Loc.T("merchant.kept.title"))
	page.Back, page.Heading = "/me", page.Title
	return r.Render(keptPage(page, v))
}
