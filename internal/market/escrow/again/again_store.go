package again

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow"
)

// End ends a void escrow of which every share has ended, and answers whether it is ended now.
func End(ctx context.Context, tx *db.Tx, id market.WishID) (bool, error) {
	if _, err := db.Exec(ctx, tx, `UPDATE escrow SET ended_at = $2, version = version + 1
 WHERE wish_id = $1 AND phase = 'void' AND ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM escrow_share s
 WHERE s.wish_id = escrow.wish_id AND s.ended_at IS NULL)`, string(id), db.Micros(tx.Now())); err != nil {
		return false, err
	}
	e, err := escrow.Find(ctx, tx, id)
	return e.Phase == escrow.Void && !e.EndedAt.IsZero(), err
}

// Open lets members pay again into the escrow of a wish that gathered on: every share of its void one has ended, and
// another bid has won. It answers escrow.ErrExists while anything of the last one is under way.
func Open(ctx context.Context, tx *db.Tx, id market.WishID, a escrow.Award, r escrow.Rules) error {
	if err := a.Check(tx.Now()); err != nil {
		return err
	}
	was, err := escrow.Find(ctx, tx, id)
	if err != nil {
		return err
	}
	if was.Phase != escrow.Void || was.EndedAt.IsZero() {
		return escrow.ErrExists
	}
	if err := keep(ctx, tx, was); err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE escrow SET bid_id = $2, merchant_id = $3, delivery = $4, branch_id = $5,
 unit_price = $6, commission_bp = $7, policy_id = $8, made_to_order = $9, ship_by = $10, lapse_at = $11,
 phase = 'paying', opened_at = $12, ended_at = NULL, version = version + 1
 WHERE wish_id = $1 AND phase = 'void' AND ended_at IS NOT NULL`, string(id), string(a.BidID), string(a.MerchantID),
		string(a.Delivery), string(a.BranchID), a.UnitPrice, a.CommissionBP, a.PolicyID, a.MadeToOrder, db.Micros(a.ShipBy),
		db.Micros(r.LapseAt(a.ShipBy)), db.Micros(tx.Now()))
	if err == nil && n != 1 {
		err = escrow.ErrExists
	}
	return err
}
