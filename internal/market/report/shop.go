package report

import (
	"context"
	"unicode/utf8"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Shop is a merchant as the head of a desk names it.
type Shop struct {
	ID    market.MerchantID
	Name  string
	Slug  string
	State string // of its registration
	Home  market.RegionID
}

// Approved reports a shop that may sell.
func (s Shop) Approved() bool { return s.State == "approved" }

func scanShop(r db.Row) (Shop, error) {
	var s Shop
	err := r.Scan(&s.ID, &s.Name, &s.Slug, &s.State, &s.Home)
	return s, err
}

// Shops reads the given merchants in the order of the ids; those that are not there are left out.
func Shops(ctx context.Context, q db.Querier, ids []market.MerchantID) ([]Shop, error) {
	rows, err := db.ByIDs(ctx, q, scanShop,
		`SELECT id, name, slug, state, region_id FROM merchant WHERE id IN `+db.IDsMark, ids)
	if err != nil {
		return nil, err
	}
	by := make(map[market.MerchantID]Shop, len(rows))
	for _, s := range rows {
		by[s.ID] = s
	}
	out := make([]Shop, 0, len(rows))
	for _, id := range ids {
		if s, ok := by[id]; ok {
			out = append(out, s)
		}
	}
	return out, nil
}

// Place is a branch that is open for business.
type Place struct {
	ID       market.BranchID
	Name     string
	RegionID market.RegionID
}

// Places lists the branches of a shop that are not closed for good.
func Places(ctx context.Context, q db.Querier, id market.MerchantID) ([]Place, error) {
	return db.All(ctx, q, func(r db.Row) (Place, error) {
		var p Place
		err := r.Scan(&p.ID, &p.Name, &p.RegionID)
		return p, err
	}, `SELECT id, name, region_id FROM merchant_branch WHERE merchant_id = $1 AND closed_at IS NULL
 ORDER BY name, id`, string(id))
}

// Masked is a buyer's name as shops see it: its first and last letter, the rest hidden.
func Masked(name string) string {
	runes := []rune(name)
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return ""
	case n == 1:
		return name + "○"
	case n == 2:
		return string(runes[0]) + "○"
	}
	return string(runes[0]) + "○" + string(runes[len(runes)-1])
}
