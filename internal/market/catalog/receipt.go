package catalog

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/deal"
)

// Bought is what an order is about, in the words under which it was made.
type Bought struct {
	OrderID      market.OrderID
	DealID       market.DealID
	MerchantID   market.MerchantID
	Title        string
	Picture      string // key of the first picture, "" when there is none
	Option       string
	Uses         int64 // of one voucher
	MerchantName string
	MerchantSlug string
	State        deal.State
	TippedAt     time.Time
	EndsAt       time.Time
}

func scanBought(r db.Row) (Bought, error) {
	var b Bought
	var pictures string
	err := r.Scan(&b.OrderID, &b.DealID, &b.MerchantID, &b.Title, &pictures, &b.Option, &b.Uses, &b.MerchantName,
		&b.MerchantSlug, &b.State, db.Time(&b.TippedAt), db.Time(&b.EndsAt))
	if err != nil {
		return b, err
	}
	b.Picture, err = firstPicture(pictures)
	return b, err
}

// BoughtOf tells what orders are about, by order.
func BoughtOf(ctx context.Context, q db.Querier, ids []market.OrderID) (map[market.OrderID]Bought, error) {
	rows, err := db.ByIDs(ctx, q, scanBought, `SELECT o.id, o.deal_id, o.merchant_id, t.title, t.pictures, p.name, p.uses,
 coalesce(m.name, ''), coalesce(m.slug, ''), d.state, d.tipped_at, d.ends_at
 FROM orders o
 JOIN deal d ON d.id = o.deal_id
 JOIN deal_terms t ON t.deal_id = o.deal_id AND t.version = o.terms_version
 JOIN deal_option p ON p.id = o.option_id
 LEFT JOIN merchant m ON m.id = o.merchant_id
 WHERE o.id IN {ids}`, ids)
	out := make(map[market.OrderID]Bought, len(rows))
	for _, b := range rows {
		out[b.OrderID] = b
	}
	return out, err
}

// Place is one branch of a merchant as receipts and lists name it, also after it closed.
type Place struct {
	ID         market.BranchID
	MerchantID market.MerchantID
	Name       string
	Address    string
	Phone      string
	Closed     bool // for good
}

// Places lists the branches of merchants, by merchant and name.
func Places(
	ctx context.Context, q db.Querier, ids []market.MerchantID,
) (map[market.MerchantID][]Place, error) {
	rows, err := db.ByIDs(ctx, q, func(r db.Row) (Place, error) {
		var p Place
		err := r.Scan(&p.ID, &p.MerchantID, &p.Name, &p.Address, &p.Phone, &p.Closed)
		return p, err
	}, `SELECT id, merchant_id, name, address, phone, closed_at IS NOT NULL FROM merchant_branch
 WHERE merchant_id IN {ids} ORDER BY name, id`, ids)
	out := make(map[market.MerchantID][]Place, len(ids))
	for _, p := range rows {
		out[p.MerchantID] = append(out[p.MerchantID], p)
	}
	return out, err
}

// Names gives the names of merchants.
func Names(ctx context.Context, q db.Querier, ids []market.MerchantID) (map[market.MerchantID]string, error) {
	type named struct {
		id   market.MerchantID
		name string
	}
	rows, err := db.ByIDs(ctx, q, func(r db.Row) (named, error) {
		var n named
		err := r.Scan(&n.id, &n.name)
		return n, err
	}, `SELECT id, name FROM merchant WHERE id IN {ids}`, ids)
	out := make(map[market.MerchantID]string, len(rows))
	for _, n := range rows {
		out[n.id] = n.name
	}
	return out, err
}
