package report

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Word is what a guest said after a visit.
type Word struct {
	ID            string
	Name          string // masked
	Title         string // of the deal
	Satisfaction  int64  // 1 to 5
	WouldReturn   string // "yes", "no" or "" when left open
	SameTreatment string
	Comment       string
	At            time.Time
}

// Words lists what guests of a shop said before an instant, newest first; the zero instant begins at the newest.
func Words(
	ctx context.Context, q db.Querier, shop market.MerchantID, before time.Time, limit int,
) ([]Word, error) {
	until := int64(1 << 62)
	if !before.IsZero() {
		until = db.Micros(before)
	}
	return db.All(ctx, q, func(r db.Row) (Word, error) {
		var w Word
		err := r.Scan(&w.ID, &w.Name, &w.Title, &w.Satisfaction, &w.WouldReturn, &w.SameTreatment, &w.Comment,
			db.Time(&w.At))
		w.Name = Masked(w.Name)
		return w, err
	}, `SELECT f.id, coalesce(a.name, ''), coalesce(t.title, ''), coalesce(f.satisfaction, 0),
 CASE WHEN f.would_return IS NULL THEN '' WHEN f.would_return = TRUE THEN 'yes' ELSE 'no' END,
 CASE WHEN f.same_treatment IS NULL THEN '' WHEN f.same_treatment = TRUE THEN 'yes' ELSE 'no' END, f.comment,
 f.answered_at
 FROM feedback_ask f LEFT JOIN account a ON a.id = f.account_id
 LEFT JOIN deal d ON d.id = f.deal_id
 LEFT JOIN deal_terms t ON t.deal_id = d.id AND t.version = d.terms_version
 WHERE f.merchant_id = $1 AND f.answered_at < $2 AND f.state = 'answered'
 ORDER BY f.answered_at DESC, f.id LIMIT $3`, string(shop), until, int64(limit))
}
