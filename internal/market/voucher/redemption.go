package voucher

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const redemptionColumns = `id, voucher_id, order_id, deal_id, merchant_id, branch_id, account_id, staff_id, nonce,
 nonce_hash, units, first_use, price, commission, commission_vat, net, state, at, day, annulled_at, annulled_by,
 annul_reason, statement_id, version`

func scanRedemption(r db.Row) (Redemption, error) {
	var x Redemption
	err := r.Scan(&x.ID, &x.VoucherID, &x.OrderID, &x.DealID, &x.MerchantID, &x.BranchID, &x.AccountID, &x.StaffID,
		&x.Nonce, &x.NonceHash, &x.Units, &x.FirstUse, &x.Price, &x.Commission, &x.CommissionVAT, &x.Net, &x.State,
		db.Time(&x.At), &x.Day, db.Time(&x.AnnulledAt), db.Text(&x.AnnulledBy), &x.AnnulReason,
		db.Text(&x.StatementID), &x.Version)
	return x, err
}

var insertRedemption = db.Insert{Table: "redemption", Columns: []string{
	"id", "voucher_id", "order_id", "deal_id", "merchant_id", "branch_id", "account_id", "staff_id", "nonce",
	"nonce_hash", "units", "first_use", "price", "commission", "commission_vat", "net", "state", "at", "day", "version",
}}

// InsertRedemptions writes accepted scans; (staff, nonce) is unique.
func InsertRedemptions(ctx context.Context, tx *db.Tx, list []Redemption) error {
	rows := make([][]any, len(list))
	for i, x := range list {
		rows[i] = []any{string(x.ID), string(x.VoucherID), string(x.OrderID), string(x.DealID), string(x.MerchantID),
			string(x.BranchID), string(x.AccountID), string(x.StaffID), x.Nonce, x.NonceHash, x.Units, x.FirstUse, x.Price,
			x.Commission, x.CommissionVAT, x.Net, string(Accepted), db.Micros(x.At), x.Day, int64(1)}
	}
	_, err := db.InsertMany(ctx, tx, insertRedemption, rows)
	return err
}

// Nonce is the idempotency key of a scan: who scanned and the key the device made.
type Nonce struct {
	StaffID market.AccountID
	Nonce   string
}

// ByNonces finds scans already accepted under the given nonces.
func ByNonces(ctx context.Context, q db.Querier, nonces []Nonce) (map[Nonce]Redemption, error) {
	texts := make([]string, len(nonces))
	for i, n := range nonces {
		texts[i] = n.Nonce
	}
	rows, err := db.ByIDs(ctx, q, scanRedemption,
		`SELECT `+redemptionColumns+` FROM redemption WHERE nonce IN {ids}`, texts)
	if err != nil {
		return nil, err
	}
	out := make(map[Nonce]Redemption, len(rows))
	for _, x := range rows {
		out[Nonce{x.StaffID, x.Nonce}] = x
	}
	return out, nil
}

// FindRedemption reads one redemption.
func FindRedemption(ctx context.Context, q db.Querier, id market.RedemptionID) (Redemption, error) {
	x, err := db.One(ctx, q, scanRedemption, `SELECT `+redemptionColumns+` FROM redemption WHERE id = $1`, string(id))
	if db.IsNoRow(err) {
		return x, ErrUnknown
	}
	return x, err
}

// RedemptionsOf lists a voucher's redemptions, newest first.
func RedemptionsOf(ctx context.Context, q db.Querier, id market.VoucherID) ([]Redemption, error) {
	return db.All(ctx, q, scanRedemption,
		`SELECT `+redemptionColumns+` FROM redemption WHERE voucher_id = $1 ORDER BY id DESC`, string(id))
}

// Annul marks a redemption as undone, once, and never after it was put on a statement.
func Annul(ctx context.Context, tx *db.Tx, id market.RedemptionID, by market.AccountID, reason string) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE redemption SET state = 'annulled', annulled_at = $2, annulled_by = $3,
 annul_reason = $4, version = version + 1 WHERE id = $1 AND state = 'accepted' AND statement_id IS NULL`,
		string(id), db.Micros(tx.Now()), string(by), reason)
	return n == 1, err
}

// AcceptedOf lists the last accepted use of each voucher that has any.
func AcceptedOf(ctx context.Context, q db.Querier, ids []market.VoucherID) ([]Redemption, error) {
	rows, err := db.ByIDs(ctx, q, scanRedemption, `SELECT `+redemptionColumns+` FROM redemption
 WHERE voucher_id IN {ids} AND state = 'accepted' ORDER BY id`, ids)
	if err != nil {
		return nil, err
	}
	last := map[market.VoucherID]int{}
	var out []Redemption
	for _, x := range rows {
		if n, ok := last[x.VoucherID]; ok {
			out[n] = x
			continue
		}
		last[x.VoucherID] = len(out)
		out = append(out, x)
	}
	return out, nil
}
