package catalog

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/merchant"
)

// Seller is the merchant as the seller of record, as a deal's page must name it (전자상거래법 13조, 20조).
type Seller struct {
	ID             market.MerchantID
	Slug           string
	Name           string
	Representative string
	Number         string // business registration number, ten digits
	Phone          string // digits
	Email          string
	Story          string
	CategoryID     market.CategoryID
	RegionID       market.RegionID
	Pictures       []string // as kit/photo names them
	Since          time.Time
	Followers      int64
}

func scanSeller(r db.Row) (Seller, error) {
	var s Seller
	var pictures string
	err := r.Scan(&s.ID, &s.Slug, &s.Name, &s.Representative, &s.Number, &s.Phone, &s.Email, &s.Story, &s.CategoryID,
		&s.RegionID, &pictures, db.Time(&s.Since), &s.Followers)
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal([]byte(pictures), &s.Pictures); err != nil {
		return s, fmt.Errorf("pictures of %s: %w", s.ID, err)
	}
	return s, nil
}

// FindSeller reads who sells; a merchant that is not there answers the zero Seller.
func FindSeller(ctx context.Context, q db.Querier, id market.MerchantID) (Seller, error) {
	s, err := db.One(ctx, q, scanSeller, `SELECT m.id, m.slug, m.name, m.representative, m.business_number, m.phone,
 m.email, m.story, m.category_id, m.region_id, m.pictures, m.approved_at,
 (SELECT count(*) FROM merchant_follow f WHERE f.merchant_id = m.id) FROM merchant m WHERE m.id = $1`, string(id))
	if db.IsNoRow(err) {
		return Seller{}, nil
	}
	return s, err
}

// Branch is one open place of a merchant.
type Branch struct {
	ID          market.BranchID
	MerchantID  market.MerchantID
	Name        string
	Address     string
	RegionID    market.RegionID
	LatitudeE7  int64 // 0 with LongitudeE7 0: unknown
	LongitudeE7 int64
	Phone       string // digits, "" for the merchant's
	Hours       merchant.Hours
	Directions  string // the way to the door
}

// HasPlace reports known coordinates.
func (b Branch) HasPlace() bool { return b.LatitudeE7 != 0 || b.LongitudeE7 != 0 }

func scanBranch(r db.Row) (Branch, error) {
	var b Branch
	var week string
	err := r.Scan(&b.ID, &b.MerchantID, &b.Name, &b.Address, &b.RegionID, &b.LatitudeE7, &b.LongitudeE7, &b.Phone,
		&week, &b.Directions)
	if err != nil {
		return b, err
	}
	if err := json.Unmarshal([]byte(week), &b.Hours); err != nil {
		return b, fmt.Errorf("hours of %s: %w", b.ID, err)
	}
	return b, nil
}

// Branches reads the open branches of merchants.
func Branches(
	ctx context.Context, q db.Querier, merchants []market.MerchantID,
) (map[market.MerchantID][]Branch, error) {
	rows, err := db.ByIDs(ctx, q, scanBranch, `SELECT id, merchant_id, name, address, region_id, latitude_e7,
 longitude_e7, phone, hours, directions FROM merchant_branch WHERE merchant_id IN {ids} AND closed_at IS NULL
 ORDER BY id`, merchants)
	out := make(map[market.MerchantID][]Branch, len(merchants))
	for _, b := range rows {
		out[b.MerchantID] = append(out[b.MerchantID], b)
	}
	return out, err
}

// Shop is a member merchant as a list shows it.
type Shop struct {
	ID         market.MerchantID
	Slug       string
	Name       string
	CategoryID market.CategoryID
	RegionID   market.RegionID
	Picture    string
	Asked      Satisfaction
}

func scanShop(r db.Row) (Shop, error) {
	var s Shop
	var pictures string
	err := r.Scan(&s.ID, &s.Slug, &s.Name, &s.CategoryID, &s.RegionID, &pictures, &s.Asked.GuestsAnswered,
		&s.Asked.GuestsSum, &s.Asked.WouldReturn, &s.Asked.ShopAnswered, &s.Asked.ShopSum, &s.Asked.Visits)
	if err != nil {
		return s, err
	}
	s.Picture, err = firstPicture(pictures)
	return s, err
}

// ShopFilter chooses member shops. Empty parts do not filter.
type ShopFilter struct {
	Within []market.RegionID
	IDs    []market.MerchantID
	Limit  int
}

// Shops finds approved merchants, the best liked first, by the same rule as deals.
func Shops(ctx context.Context, r db.Querier, f ShopFilter) ([]Shop, error) {
	q := &query{}
	q.text.WriteString(`SELECT m.id, m.slug, m.name, m.category_id, m.region_id, m.pictures,
 coalesce(f.buyers_answered, 0), coalesce(f.buyers_sum, 0), coalesce(f.would_return, 0),
 coalesce(f.merchants_answered, 0), coalesce(f.merchants_sum, 0), coalesce(f.visits, 0)
 FROM merchant m LEFT JOIN feedback_tally f ON f.subject = 'merchant:' || m.id WHERE m.state = 'approved'`)
	in(q, "m.region_id IN", f.Within, "")
	in(q, "m.id IN", f.IDs, "")
	q.text.WriteString(strings.Replace(satisfactionOrder, "d.ends_at, d.id", "m.name, m.id", 1) + ` LIMIT ` +
		q.bind(int64(min(max(f.Limit, 1), listMax))))
	return db.All(ctx, r, scanShop, q.text.String(), q.args...)
}
