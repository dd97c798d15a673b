package catalog

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// WordsOf reads by which words besides its title a deal should be found: the shop, the options, the kind, the places.
func WordsOf(ctx context.Context, q db.Querier, id market.DealID) ([]string, error) {
	return db.All(ctx, q, db.Scalar[string], `SELECT m.name FROM deal d JOIN merchant m ON m.id = d.merchant_id
 WHERE d.id = $1
 UNION ALL SELECT o.name FROM deal_option o WHERE o.deal_id = $1
 UNION ALL SELECT c.name FROM deal d JOIN deal_terms t ON t.deal_id = d.id AND t.version = d.terms_version
 JOIN category c ON c.id = t.category_id WHERE d.id = $1
 UNION ALL SELECT r.name FROM deal_region g JOIN region r ON r.id = g.region_id WHERE g.deal_id = $1`, string(id))
}
