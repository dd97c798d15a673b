package voucher

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/market"
)

// UnstatedMerchants lists merchants, after an id, who have accepted uses up to a day that are on no statement.
func UnstatedMerchants(
	ctx context.Context, q db.Querier, day string, after market.MerchantID, limit int,
) ([]market.MerchantID, error) {
	return db.All(ctx, q, db.Scalar[market.MerchantID], sqlUnstatedMerchants, day, string(after), limit)
}

// Both queries repeat the condition of the index redemption_unstated.
const (
	sqlUnstatedMerchants = `SELECT DISTINCT merchant_id FROM redemption
 WHERE statement_id IS NULL AND state = 'accepted' AND day <= $1 AND merchant_id > $2
 ORDER BY merchant_id LIMIT $3`
	sqlUnstated = `SELECT ` + redemptionColumns + ` FROM redemption
 WHERE merchant_id = $1 AND statement_id IS NULL AND state = 'accepted' AND day <= $2 ORDER BY day, id LIMIT $3`
)

// Unstated lists a merchant's accepted uses up to a day that are on no statement, the oldest first.
func Unstated(
	ctx context.Context, q db.Querier, id market.MerchantID, day string, limit int,
) ([]Redemption, error) {
	return db.All(ctx, q, scanRedemption, sqlUnstated, string(id), day, limit)
}

var state = db.Update{
	Table:     "redemption",
	Columns:   []db.Column{{Name: "id", Type: "text"}, {Name: "statement_id", Type: "text"}},
	Set:       `statement_id = v.statement_id, version = redemption.version + 1`,
	Where:     `redemption.id = v.id AND redemption.state = 'accepted' AND redemption.statement_id IS NULL`,
	Returning: "redemption.id",
}

// PutOn puts uses on a statement, which ends their undo; it gives those that were not undone meanwhile, in order.
func PutOn(ctx context.Context, tx *db.Tx, id market.StatementID, list []Redemption) ([]Redemption, error) {
	rows := make([][]any, len(list))
	for i, x := range list {
		rows[i] = []any{string(x.ID), string(id)}
	}
	passed, err := db.UpdateMany(ctx, tx, state, rows)
	if err != nil {
		return nil, err
	}
	put := make(map[string]bool, len(passed))
	for _, p := range passed {
		put[p] = true
	}
	var out []Redemption
	for _, x := range list {
		if put[string(x.ID)] {
			out = append(out, x)
		}
	}
	return out, nil
}

// Stated reports a use that stands on a statement, a draft or an issued one.
func (r Redemption) Stated() bool { return r.StatementID != "" }

// Undone reports a use that was taken back in its window.
func (r Redemption) Undone() bool { return r.State == Annulled }

var expire = db.Update{
	Table: "voucher",
	Columns: []db.Column{
		{Name: "id", Type: "text"}, {Name: "used_before", Type: "bigint"}, {Name: "at", Type: "bigint"},
	},
	Set: `state = 'expired', ended_at = v.at, version = voucher.version + 1`,
	Where: `voucher.id = v.id AND voucher.state = 'active' AND voucher.units_used = v.used_before
 AND voucher.valid_until <= v.at`,
	Returning: "voucher.id",
}

// Expire ends vouchers whose time is over, under the guard of the uses that the decision saw.
func Expire(ctx context.Context, tx *db.Tx, list []Voucher) (map[market.VoucherID]bool, error) {
	rows := make([][]any, len(list))
	for i, v := range list {
		rows[i] = []any{string(v.ID), v.UnitsUsed, db.Micros(tx.Now())}
	}
	return changed(db.UpdateMany(ctx, tx, expire, rows))
}

// MayClaim answers whether the refundable part of an expired voucher can still be asked for, before the given end.
func (v Voucher) MayClaim(now, until time.Time) error {
	if v.State != Expired || !now.Before(until) {
		return ErrNotRefundable
	}
	return nil
}

// GiveBack is what of a use's price goes back, in won: the amount asked for, or all that earlier refunds left for 0.
func (r Redemption) GiveBack(asked, before int64) (int64, error) {
	left := r.Price - before
	if asked == 0 {
		asked = left
	}
	if asked <= 0 || asked > left {
		return 0, ErrGiveBack.With("Max", left).On("won")
	}
	return asked, nil
}

// ErrGiveBack refuses to give back nothing, or more than is left of a use.
var ErrGiveBack = fail.New(fail.Invalid, "voucher.give_back")

// ClaimExpiry marks an expired voucher as claimed, once.
func ClaimExpiry(ctx context.Context, tx *db.Tx, id market.VoucherID, refund market.RefundID) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE voucher SET state = 'expiry_refunded', refund_id = $2, version = version + 1
 WHERE id = $1 AND state = 'expired'`, string(id), string(refund))
	return n == 1, err
}

// Ending lists active vouchers whose validity ends at an instant, after an id.
func Ending(
	ctx context.Context, q db.Querier, validUntil int64, after market.VoucherID, limit int,
) ([]Voucher, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM voucher WHERE state = 'active' AND valid_until = $1 AND id > $2
 ORDER BY id LIMIT $3`, validUntil, string(after), limit)
}
