package catalog

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Sought is a wish as shops are looked for that it may concern.
type Sought struct {
	WishID     market.WishID
	Categories []market.CategoryID // the wish's own and those above it
	RegionID   market.RegionID     // "" for anywhere
}

// categoriesMax is how deep a category may stand.
const categoriesMax = 4

// Interested lists shops that a wish concerns and that were not told of it yet, after a shop: those that follow its
// kind, and approved ones of its category in its region.
func Interested(ctx context.Context, q db.Querier, s Sought, after market.MerchantID, limit int,
) ([]market.MerchantID, error) {
	var chain [categoriesMax]string
	for i := range chain {
		chain[i] = "-" // no category's id
		if i < len(s.Categories) {
			chain[i] = string(s.Categories[i])
		}
	}
	return db.All(ctx, q, db.Scalar[market.MerchantID], `WITH RECURSIVE inside(id) AS (
 SELECT id FROM region WHERE id = $1
 UNION SELECT member_id FROM region_area_member WHERE area_id = $1
 UNION SELECT region.id FROM region JOIN inside ON region.parent_id = inside.id
), around(id) AS (
 SELECT id FROM region WHERE id = $1
 UNION SELECT region.parent_id FROM region JOIN around ON region.id = around.id WHERE region.parent_id IS NOT NULL
), places(id) AS (
 SELECT id FROM around UNION SELECT area_id FROM region_area_member JOIN around ON member_id = around.id
)
SELECT m.id FROM merchant m WHERE m.id > $2 AND m.state IN ('submitted', 'approved')
 AND (EXISTS (SELECT 1 FROM lookout l WHERE l.merchant_id = m.id
   AND (l.category_id = '' OR l.category_id IN ($3, $4, $5, $6))
   AND (l.region_id = '' OR $1 = '' OR l.region_id IN (SELECT id FROM places)))
  OR m.state = 'approved' AND m.category_id IN ($3, $4, $5, $6)
   AND ($1 = '' OR m.region_id IN (SELECT id FROM inside)))
 AND NOT EXISTS (SELECT 1 FROM lookout_told t WHERE t.wish_id = $7 AND t.merchant_id = m.id)
 ORDER BY m.id LIMIT $8`, string(s.RegionID), string(after), chain[0], chain[1], chain[2], chain[3],
		string(s.WishID), int64(limit))
}

// Keeper is somebody who leads a shop and is told of wishes for it.
type Keeper struct {
	AccountID  market.AccountID
	MerchantID market.MerchantID
	Shop       string // its name
	Email      string
	Name       string
	Locale     string
	Letters    bool // the shop follows a kind of wishes, and they have not ended its letters
}

// Keepers lists who leads shops, blocked accounts left out.
func Keepers(ctx context.Context, q db.Querier, shops []market.MerchantID) ([]Keeper, error) {
	return db.ByIDs(ctx, q, func(r db.Row) (Keeper, error) {
		var k Keeper
		err := r.Scan(&k.AccountID, &k.MerchantID, &k.Shop, &k.Email, &k.Name, &k.Locale, &k.Letters)
		return k, err
	}, `SELECT a.id, m.id, m.name, a.email, a.name, a.locale,
 EXISTS (SELECT 1 FROM lookout l WHERE l.merchant_id = m.id)
 AND NOT EXISTS (SELECT 1 FROM lookout_off o WHERE o.merchant_id = m.id AND o.account_id = a.id)
 FROM merchant m JOIN merchant_member p ON p.merchant_id = m.id AND p.role IN ('owner', 'manager')
 JOIN account a ON a.id = p.account_id AND a.blocked_at IS NULL WHERE m.id IN {ids} ORDER BY m.id, a.id`, shops)
}

// Companion is a member of a wish as they are told of its steps.
type Companion struct {
	AccountID market.AccountID
	Email     string
	Name      string
	Locale    string
	Firm      bool
}

// Companions lists the members of a wish, firm or watching, after an account; blocked accounts are left out.
func Companions(ctx context.Context, q db.Querier, id market.WishID, after market.AccountID, limit int,
) ([]Companion, error) {
	return db.All(ctx, q, func(r db.Row) (Companion, error) {
		var c Companion
		err := r.Scan(&c.AccountID, &c.Email, &c.Name, &c.Locale, &c.Firm)
		return c, err
	}, `SELECT a.id, a.email, a.name, a.locale, w.kind = 'firm' FROM wish_member w
 JOIN account a ON a.id = w.account_id AND a.blocked_at IS NULL
 WHERE w.id > $1 AND w.id < $2 AND w.kind IN ('firm', 'watching') ORDER BY w.id LIMIT $3`,
		string(id)+":"+string(after), string(id)+";", int64(limit)) // a member's id is the wish's and the account's
}
