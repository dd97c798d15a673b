package report

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/catalog"
	"github.com/dure-commerce/dure/internal/market/deal"
)

// Row is a deal as its merchant's lists show it.
type Row struct {
	Deal         deal.Deal
	Title        string
	CategoryID   market.CategoryID
	CommissionBP int64
	Picture      string // of its first picture, "" when there is none
	Price        int64  // won, of its cheapest option; 0 before one was written
	PriceMost    int64  // won, of its dearest option
	ListPrice    int64  // won, of the cheapest option
	Asked        catalog.Satisfaction
	Proposed     bool // a change of its terms waits for the operator
}

// Gathering reports a deal that people can join, or that waits for its end to be decided.
func (r Row) Gathering() bool {
	return r.Deal.In(deal.OnSale) || r.Deal.In(deal.Closing) || r.Deal.In(deal.Asking)
}

const rowColumns = `d.id, d.merchant_id, d.state, d.terms_version, d.threshold_kind, d.threshold, d.capacity,
 d.per_person, d.starts_at, d.ends_at, d.public_from, d.public_until, d.ask_when_short, d.ask_until, d.extended,
 d.held_units, d.paid_units, d.people, d.paid_won, d.tipped_at, d.decided_at, d.submitted_at, d.score, d.score_parts,
 d.return_reason, d.created_at, d.version, t.title, t.category_id, t.commission_bp, t.pictures,
 coalesce((SELECT min(o.price) FROM deal_option o WHERE o.deal_id = d.id), 0),
 coalesce((SELECT max(o.price) FROM deal_option o WHERE o.deal_id = d.id), 0),
 coalesce((SELECT o.list_price FROM deal_option o WHERE o.deal_id = d.id ORDER BY o.price, o.position LIMIT 1), 0),
 coalesce(f.buyers_answered, 0), coalesce(f.buyers_sum, 0), coalesce(f.would_return, 0),
 coalesce(f.merchants_answered, 0), coalesce(f.merchants_sum, 0), coalesce(f.visits, 0),
 EXISTS (SELECT 1 FROM deal_terms p WHERE p.deal_id = d.id AND p.state = 'proposed')
 FROM deal d JOIN deal_terms t ON t.deal_id = d.id AND t.version = d.terms_version
 LEFT JOIN feedback_tally f ON f.subject = 'deal:' || d.id`

func scanRow(r db.Row) (Row, error) {
	var x Row
	var pictures string
	d, s := &x.Deal, &x.Asked
	err := r.Scan(&d.ID, &d.MerchantID, &d.State, &d.TermsVersion, &d.ThresholdKind, &d.Threshold, &d.Capacity,
		&d.PerPerson, db.Time(&d.StartsAt), db.Time(&d.EndsAt), db.Time(&d.PublicFrom), db.Time(&d.PublicUntil),
		&d.AskWhenShort, db.Time(&d.AskUntil), &d.Extended, &d.HeldUnits, &d.PaidUnits, &d.People, &d.PaidWon,
		db.Time(&d.TippedAt), db.Time(&d.DecidedAt), db.Time(&d.SubmittedAt), &d.Score, &d.ScoreParts, &d.ReturnReason,
		db.Time(&d.CreatedAt), &d.Version, &x.Title, &x.CategoryID, &x.CommissionBP, &pictures, &x.Price, &x.PriceMost,
		&x.ListPrice, &s.GuestsAnswered, &s.GuestsSum, &s.WouldReturn, &s.ShopAnswered, &s.ShopSum, &s.Visits,
		&x.Proposed)
	if err != nil {
		return x, err
	}
	var keys []string
	if err := json.Unmarshal([]byte(pictures), &keys); err != nil {
		return x, fmt.Errorf("pictures of %s: %w", d.ID, err)
	}
	if len(keys) > 0 {
		x.Picture = keys[0]
	}
	return x, nil
}

// Deals lists a merchant's deals, newest first.
func Deals(ctx context.Context, q db.Querier, shop market.MerchantID) ([]Row, error) {
	return db.All(ctx, q, scanRow, `SELECT `+rowColumns+` WHERE d.merchant_id = $1
 ORDER BY d.created_at DESC, d.id DESC LIMIT $2`, string(shop), int64(rowsMax))
}

// FindDeal reads one deal as its merchant sees it, or deal.ErrNotFound.
func FindDeal(ctx context.Context, q db.Querier, id market.DealID) (Row, error) {
	r, err := db.One(ctx, q, scanRow, `SELECT `+rowColumns+` WHERE d.id = $1`, string(id))
	if db.IsNoRow(err) {
		return r, deal.ErrNotFound
	}
	return r, err
}
