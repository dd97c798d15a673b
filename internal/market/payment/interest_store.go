package payment

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const interestColumns = `id, refund_id, kind, order_id, deal_id, merchant_id, account_id, policy_id, amount, state,
 bank_code, bank_account, bank_holder, attempt, owed_at, sent_at, paid_at, last_error, version`

func scanInterest(r db.Row) (Interest, error) {
	var i Interest
	err := r.Scan(&i.ID, &i.RefundID, &i.Kind, &i.OrderID, &i.DealID, &i.MerchantID, &i.AccountID, &i.PolicyID, &i.Amount,
		&i.State, &i.Payee.BankCode, &i.Payee.Number, &i.Payee.Holder, &i.Attempt, db.Time(&i.OwedAt), db.Time(&i.SentAt),
		db.Time(&i.PaidAt), &i.LastError, &i.Version)
	return i, err
}

// Owe writes interest down with its refund's acceptance. It goes to the account at which the buyer was paid interest
// before, or waits until one is named.
func Owe(ctx context.Context, tx *db.Tx, i Interest) (Interest, error) {
	last, err := db.One(ctx, tx, scanInterest, `SELECT `+interestColumns+` FROM interest WHERE account_id = $1
 AND state = 'paid' ORDER BY id DESC LIMIT 1`, string(i.AccountID))
	if err != nil && !db.IsNoRow(err) {
		return i, err
	}
	i.ID, i.Attempt, i.OwedAt, i.Version = tx.NewID(InterestPrefix), 1, tx.Now(), 1
	i = i.To(last.Payee)
	_, err = db.Exec(ctx, tx, `INSERT INTO interest (id, refund_id, order_id, deal_id, merchant_id, account_id, policy_id,
 amount, state, bank_code, bank_account, bank_holder, owed_at, kind, version)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1)`, i.ID, string(i.RefundID), string(i.OrderID),
		string(i.DealID), string(i.MerchantID), string(i.AccountID), i.PolicyID, i.Amount, string(i.State),
		i.Payee.BankCode, i.Payee.Number, i.Payee.Holder, db.Micros(tx.Now()), i.Kind)
	return i, err
}

// FindInterest reads one, or ErrNotFound.
func FindInterest(ctx context.Context, q db.Querier, id string) (Interest, error) {
	i, err := db.One(ctx, q, scanInterest, `SELECT `+interestColumns+` FROM interest WHERE id = $1`, id)
	if db.IsNoRow(err) {
		return i, ErrNotFound
	}
	return i, err
}

// InterestOfAccount lists an account's interest, the oldest first.
func InterestOfAccount(ctx context.Context, q db.Querier, id market.AccountID) ([]Interest, error) {
	return db.All(ctx, q, scanInterest, `SELECT `+interestColumns+` FROM interest WHERE account_id = $1 ORDER BY id`,
		string(id))
}

// UntoldInterest lists interest whose buyer was not asked for an account yet.
func UntoldInterest(ctx context.Context, q db.Querier, limit int) ([]Interest, error) {
	return db.All(ctx, q, scanInterest, `SELECT `+interestColumns+` FROM interest WHERE state = 'asked'
 AND told_at IS NULL ORDER BY id LIMIT $1`, limit)
}

// TellInterest notes that the buyer was asked; false when that was noted before.
func TellInterest(ctx context.Context, tx *db.Tx, id string) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE interest SET told_at = $2, version = version + 1 WHERE id = $1
 AND state = 'asked' AND told_at IS NULL`, id, db.Micros(tx.Now()))
	return n == 1, err
}

// LateInterest lists interest sent before an instant whose end the bank has not told.
func LateInterest(ctx context.Context, q db.Querier, before time.Time, limit int) ([]Interest, error) {
	return db.All(ctx, q, scanInterest, `SELECT `+interestColumns+` FROM interest WHERE state = 'sent' AND sent_at < $1
 ORDER BY sent_at, id LIMIT $2`, db.Micros(before), limit)
}

// NamePayee makes interest due at an account; false when it waits for none.
func NamePayee(ctx context.Context, tx *db.Tx, id string, p Payee) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE interest SET state = 'due', bank_code = $2, bank_account = $3, bank_holder = $4,
 last_error = '', version = version + 1 WHERE id = $1 AND state = 'asked'`, id, p.BankCode, p.Number, p.Holder)
	return n == 1, err
}

// SendInterest writes the intent to ask the bank, before it is asked; false when the interest is not due.
func SendInterest(ctx context.Context, tx *db.Tx, id string) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE interest SET state = 'sent', sent_at = $2, version = version + 1 WHERE id = $1
 AND state = 'due'`, id, db.Micros(tx.Now()))
	return n == 1, err
}

// PayInterest notes that the bank carried it out, once.
func PayInterest(ctx context.Context, tx *db.Tx, id string) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE interest SET state = 'paid', paid_at = $2, last_error = '', version = version + 1
 WHERE id = $1 AND state = 'sent'`, id, db.Micros(tx.Now()))
	return n == 1, err
}

// AskAgain ends an attempt whose money is back, or never left: the buyer is asked for another account.
func AskAgain(ctx context.Context, tx *db.Tx, i Interest, code string) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE interest SET state = 'asked', bank_code = '', bank_account = '', bank_holder = '',
 attempt = attempt + 1, told_at = NULL, sent_at = NULL, paid_at = NULL, last_error = $3, version = version + 1
 WHERE id = $1 AND attempt = $2 AND state IN ('sent', 'paid')`, i.ID, i.Attempt, code)
	return n == 1, err
}
