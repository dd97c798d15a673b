package bid

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
)

// Terms are what stands by a bid from its making, whatever policy says later.
type Terms struct {
	CommissionBP money.BasisPoints // of what is released to the seller
	PolicyID     string            // by which it was
}

// KeepTerms writes what stands by the bids that were taken. They are no secret: all bids of a day have the same.
func KeepTerms(ctx context.Context, tx *db.Tx, terms Terms, results []Result) error {
	var rows [][]any
	for _, r := range results {
		if r.Err == nil {
			rows = append(rows, []any{string(r.Bid.ID), terms.CommissionBP, terms.PolicyID})
		}
	}
	_, err := db.InsertMany(ctx, tx, db.Insert{Table: "bid_terms", Columns: []string{"bid_id", "commission_bp",
		"policy_id"}}, rows)
	return err
}

// TermsOf reads what stands by a bid; now gives what an older bid, of which nothing was written down, stands by.
func TermsOf(ctx context.Context, q db.Querier, id market.BidID, now Terms) (Terms, error) {
	kept, err := db.One(ctx, q, func(r db.Row) (Terms, error) {
		var t Terms
		err := r.Scan(&t.CommissionBP, &t.PolicyID)
		return t, err
	}, `SELECT commission_bp, policy_id FROM bid_terms WHERE bid_id = $1`, string(id))
	if db.IsNoRow(err) {
		return now, nil
	}
	return kept, err
}
