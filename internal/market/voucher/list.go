package voucher

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// ListLive lists an account's vouchers that have not ended, those that end soonest first and those without an end last.
func ListLive(ctx context.Context, q db.Querier, account market.AccountID, limit int) ([]Voucher, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM voucher WHERE account_id = $1
 AND state IN ('issued', 'active', 'refund_pending', 'blocked')
 ORDER BY CASE state WHEN 'active' THEN 0 WHEN 'issued' THEN 1 ELSE 2 END, coalesce(valid_until, $2), id LIMIT $3`,
		string(account), endless, limit)
}

// endless sorts after every instant.
const endless = int64(1) << 62

// ListEnded pages through an account's vouchers that have ended, newest first; before "" begins at the newest.
func ListEnded(
	ctx context.Context, q db.Querier, account market.AccountID, before market.VoucherID, limit int,
) ([]Voucher, error) {
	if before == "" {
		before = "~"
	}
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM voucher WHERE account_id = $1 AND id < $2
 AND state IN ('used', 'refunded', 'expired', 'expiry_refunded') ORDER BY id DESC LIMIT $3`,
		string(account), string(before), limit)
}

// RefundOf gives the refund that a voucher went into, "" when there is none.
func RefundOf(ctx context.Context, q db.Querier, id market.VoucherID) (market.RefundID, error) {
	refund, err := db.One(ctx, q, db.Scalar[market.RefundID],
		`SELECT coalesce(refund_id, '') FROM voucher WHERE id = $1`, string(id))
	if db.IsNoRow(err) {
		return "", ErrNotYours
	}
	return refund, err
}

// VisitsOf counts the days on which a guest used a voucher of a merchant.
func VisitsOf(
	ctx context.Context, q db.Querier, account market.AccountID, merchant market.MerchantID,
) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64], `SELECT count(DISTINCT r.day) FROM voucher v
 JOIN redemption r ON r.voucher_id = v.id AND r.state = 'accepted'
 WHERE v.account_id = $1 AND v.merchant_id = $2`, string(account), string(merchant))
}

// Open reports a voucher that has not ended.
func (v Voucher) Open() bool {
	switch v.State {
	case Issued, Active, RefundPending, Blocked:
		return true
	case Used, Refunded, Expired, ExpiryRefunded:
	}
	return false
}
