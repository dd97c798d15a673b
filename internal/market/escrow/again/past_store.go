package again

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/escrow"
)

const pastColumns = `bid_id, merchant_id, delivery, branch_id, unit_price, commission_bp, policy_id, made_to_order,
 ship_by, opened_at, ended_at`

var insertPast = db.Insert{Table: "escrow_past", Columns: []string{"wish_id", "bid_id", "merchant_id", "delivery",
	"branch_id", "unit_price", "commission_bp", "policy_id", "made_to_order", "ship_by", "opened_at", "ended_at"}}

// keep writes down what was frozen for the round that is over.
func keep(ctx context.Context, tx *db.Tx, e escrow.Escrow) error {
	_, err := db.InsertMany(ctx, tx, insertPast, [][]any{{string(e.WishID), string(e.BidID), string(e.MerchantID),
		string(e.Delivery), string(e.BranchID), e.UnitPrice, e.CommissionBP, e.PolicyID, e.MadeToOrder,
		db.Micros(e.ShipBy), db.Micros(e.OpenedAt), db.Micros(e.EndedAt)}})
	return err
}

// Then gives the escrow of a share as it was in the round in which the share ended; of one that lives, or that ended in
// the present round, it is the present one, and so it is of rounds that nobody wrote down.
func Then(ctx context.Context, q db.Querier, s escrow.Share, now escrow.Escrow) (escrow.Escrow, error) {
	if s.EndedAt.IsZero() || !s.EndedAt.Before(now.OpenedAt) {
		return now, nil
	}
	e := now
	e.Phase = escrow.Void
	_, err := db.One(ctx, q, func(r db.Row) (bool, error) {
		return true, r.Scan(&e.BidID, &e.MerchantID, &e.Delivery, &e.BranchID, &e.UnitPrice, &e.CommissionBP, &e.PolicyID,
			&e.MadeToOrder, db.Time(&e.ShipBy), db.Time(&e.OpenedAt), db.Time(&e.EndedAt))
	}, `SELECT `+pastColumns+` FROM escrow_past WHERE wish_id = $1 AND ended_at >= $2 ORDER BY ended_at LIMIT 1`,
		string(s.WishID), db.Micros(s.EndedAt))
	if db.IsNoRow(err) {
		return now, nil
	}
	return e, err
}
