package deposit

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/money"
	"github.com/dure-commerce/dure/internal/market"
)

const columns = `id, wish_id, merchant_id, account_id, amount, state, cause, policy_id, shared, created_at, paid_at,
 ended_at, version`

func scan(r db.Row) (Deposit, error) {
	var d Deposit
	err := r.Scan(&d.ID, &d.WishID, &d.MerchantID, &d.AccountID, &d.Amount, &d.State, &d.Cause, &d.PolicyID, &d.Shared,
		db.Time(&d.CreatedAt), db.Time(&d.PaidAt), db.Time(&d.EndedAt), &d.Version)
	return d, err
}

// Find reads one deposit, or answers ErrNotFound.
func Find(ctx context.Context, q db.Querier, id market.OrderID) (Deposit, error) {
	d, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM bid_deposit WHERE id = $1`, string(id))
	if db.IsNoRow(err) {
		return d, ErrNotFound
	}
	return d, err
}

// Of lists a seller's deposits in a wish, oldest first.
func Of(ctx context.Context, q db.Querier, id market.WishID, who market.MerchantID) ([]Deposit, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM bid_deposit WHERE wish_id = $1 AND merchant_id = $2 ORDER BY id`,
		string(id), string(who))
}

var insert = db.Insert{Table: "bid_deposit", OnConflict: "ON CONFLICT DO NOTHING", Columns: []string{"id", "wish_id",
	"merchant_id", "account_id", "amount", "state", "policy_id", "created_at", "version"}}

// Insert writes a deposit that is to be paid; ErrMoved when the seller has an open one already.
func Insert(ctx context.Context, tx *db.Tx, d Deposit) error {
	n, err := db.InsertMany(ctx, tx, insert, [][]any{{string(d.ID), string(d.WishID), string(d.MerchantID),
		string(d.AccountID), d.Amount, string(Open), d.PolicyID, db.Micros(d.CreatedAt), int64(1)}})
	return one(n, err)
}

// Set changes an open deposit: who pays it, and how much; ErrMoved when it is no longer as it was read.
func Set(ctx context.Context, tx *db.Tx, was, is Deposit) error {
	n, err := db.Exec(ctx, tx, `UPDATE bid_deposit SET account_id = $3, amount = $4, policy_id = $5, version = version + 1
 WHERE id = $1 AND version = $2 AND state = 'open'`, string(was.ID), was.Version, string(is.AccountID), is.Amount,
		is.PolicyID)
	return one(n, err)
}

// Pay puts an open deposit down; ErrMoved when it is not open any more.
func Pay(ctx context.Context, tx *db.Tx, d Deposit) error {
	to, err := d.to(ActPay)
	if err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE bid_deposit SET state = $3, paid_at = $4, version = version + 1
 WHERE id = $1 AND version = $2 AND state = 'open'`, string(d.ID), d.Version, string(to), db.Micros(tx.Now()))
	return one(n, err)
}

// Leave gives an open deposit up; ErrMoved when it is not open any more.
func Leave(ctx context.Context, tx *db.Tx, d Deposit) error {
	to, err := d.to(ActLeave)
	if err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE bid_deposit SET state = $3, version = version + 1
 WHERE id = $1 AND version = $2 AND state = 'open'`, string(d.ID), d.Version, string(to))
	return one(n, err)
}

// End ends a deposit that is down, once: it is returned, or kept with what members get of it; ErrMoved when it has
// ended.
func End(ctx context.Context, tx *db.Tx, d Deposit, v Verdict, shared money.Won) error {
	to, err := d.to(v.action())
	if err != nil {
		return err
	}
	n, err := db.Exec(ctx, tx, `UPDATE bid_deposit SET state = $3, cause = $4, shared = $5, ended_at = $6,
 version = version + 1 WHERE id = $1 AND version = $2 AND state = 'held'`, string(d.ID), d.Version, string(to),
		string(v.Cause), shared, db.Micros(tx.Now()))
	return one(n, err)
}

func one(n int64, err error) error {
	if err == nil && n != 1 {
		return ErrMoved
	}
	return err
}
