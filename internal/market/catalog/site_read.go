package catalog

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// SitePage is how many addresses one page of the map of the site holds.
const SitePage = 5_000

// Site is how large the map of the site is.
type Site struct {
	Deals int64
	Shops int64
}

// CountSite counts what everybody may see.
func CountSite(ctx context.Context, q db.Querier, now time.Time) (Site, error) {
	var s Site
	_, err := db.One(ctx, q, func(r db.Row) (struct{}, error) { return struct{}{}, r.Scan(&s.Deals, &s.Shops) },
		`SELECT (SELECT count(*) FROM deal WHERE public_from <= $1 AND public_until > $1),
 (SELECT count(*) FROM merchant WHERE state IN ('approved', 'suspended'))`, db.Micros(now))
	return s, err
}

// SiteDeals lists the deals that everybody may see, a page from 0 on.
func SiteDeals(ctx context.Context, q db.Querier, now time.Time, page int64) ([]market.DealID, error) {
	return db.All(ctx, q, db.Scalar[market.DealID], `SELECT id FROM deal WHERE public_from <= $1 AND public_until > $1
 ORDER BY id LIMIT $2 OFFSET $3`, db.Micros(now), int64(SitePage), page*SitePage)
}

// SiteShops lists the addresses' last part of the shops that everybody may see, a page from 0 on.
func SiteShops(ctx context.Context, q db.Querier, page int64) ([]string, error) {
	return db.All(ctx, q, db.Scalar[string], `SELECT slug FROM merchant WHERE state IN ('approved', 'suspended')
 ORDER BY id LIMIT $1 OFFSET $2`, int64(SitePage), page*SitePage)
}
