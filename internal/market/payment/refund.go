package payment

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const refundColumns = `id, order_id, payment_id, deal_id, account_id, subject, units, amount, interest, cause, state,
 requested_at, due_at, accepted_at, settled_at, transaction_key, attempts, last_error, version`

func scanRefund(r db.Row) (Refund, error) {
	var f Refund
	err := r.Scan(&f.ID, &f.OrderID, &f.PaymentID, &f.DealID, &f.AccountID, &f.Subject, &f.Units, &f.Amount, &f.Interest,
		&f.Cause, &f.State, db.Time(&f.RequestedAt), db.Time(&f.DueAt), db.Time(&f.AcceptedAt), db.Time(&f.SettledAt),
		db.Text(&f.TransactionKey), &f.Attempts, &f.LastError, &f.Version)
	return f, err
}

// DecideRefund takes the amount from what can still go back of the payment and writes the refund. It answers false
// when less than the amount is left, and ErrAlready-like uniqueness errors surface through db.IsUnique.
func DecideRefund(ctx context.Context, tx *db.Tx, f Refund) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE payment SET refundable = refundable - $2, version = version + 1
 WHERE id = $1 AND state = 'captured' AND refundable >= $2`, string(f.PaymentID), f.Amount)
	if err != nil || n == 0 {
		return false, err
	}
	_, err = db.Exec(ctx, tx, `INSERT INTO refund (id, order_id, payment_id, deal_id, account_id, subject, units, amount,
 interest, cause, state, requested_at, due_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'decided', $11,
 $12, 1)`, string(f.ID), string(f.OrderID), string(f.PaymentID), string(f.DealID), string(f.AccountID), f.Subject,
		f.Units, f.Amount, f.Interest, string(f.Cause), db.Micros(f.RequestedAt), db.Micros(f.DueAt))
	return err == nil, err
}

// FindRefund reads one refund.
func FindRefund(ctx context.Context, q db.Querier, id market.RefundID) (Refund, error) {
	f, err := db.One(ctx, q, scanRefund, `SELECT `+refundColumns+` FROM refund WHERE id = $1`, string(id))
	if db.IsNoRow(err) {
		return f, ErrNotFound
	}
	return f, err
}

// RefundsOf lists an order's refunds, oldest first.
func RefundsOf(ctx context.Context, q db.Querier, id market.OrderID) ([]Refund, error) {
	return db.All(ctx, q, scanRefund, `SELECT `+refundColumns+` FROM refund WHERE order_id = $1 ORDER BY id`, string(id))
}

// OpenRefunds lists refunds the gateway has not taken yet, the most urgent first: the operator's stuck-money list is
// the part of it that is overdue or stuck.
func OpenRefunds(ctx context.Context, q db.Querier, dueBefore time.Time, limit int) ([]Refund, error) {
	return db.All(ctx, q, scanRefund, `SELECT `+refundColumns+` FROM refund
 WHERE state IN ('decided', 'sent', 'stuck') AND (due_at < $1 OR state = 'stuck') ORDER BY due_at LIMIT $2`,
		db.Micros(dueBefore), limit)
}

// SendRefund writes the intent to ask the gateway; false when the refund has been taken already.
func SendRefund(ctx context.Context, tx *db.Tx, id market.RefundID, interest int64) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE refund SET state = 'sent', attempts = attempts + 1, interest = $2,
 version = version + 1 WHERE id = $1 AND state IN ('decided', 'sent', 'stuck')`, string(id), interest)
	return n == 1, err
}

// AcceptRefund writes that the gateway took the refund, once.
func AcceptRefund(ctx context.Context, tx *db.Tx, id market.RefundID, transactionKey string) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE refund SET state = 'accepted', accepted_at = $2, transaction_key = $3,
 last_error = '', version = version + 1 WHERE id = $1 AND state IN ('decided', 'sent', 'stuck')`,
		string(id), db.Micros(tx.Now()), transactionKey)
	return n == 1, err
}

// StickRefund sets a refund aside for a person to look at.
func StickRefund(ctx context.Context, tx *db.Tx, id market.RefundID, why string) error {
	_, err := db.Exec(ctx, tx, `UPDATE refund SET state = 'stuck', last_error = $2, version = version + 1
 WHERE id = $1 AND state IN ('decided', 'sent', 'stuck')`, string(id), why)
	return err
}

// SettleRefund notes the gateway's settlement line of an accepted refund, once.
func SettleRefund(ctx context.Context, tx *db.Tx, id market.RefundID) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE refund SET state = 'settled', settled_at = $2, version = version + 1
 WHERE id = $1 AND state = 'accepted'`, string(id), db.Micros(tx.Now()))
	return n == 1, err
}

// RefundByTransaction finds the refund of a gateway's cancel transaction.
func RefundByTransaction(ctx context.Context, q db.Querier, key string) (Refund, error) {
	f, err := db.One(ctx, q, scanRefund, `SELECT `+refundColumns+` FROM refund WHERE transaction_key = $1`, key)
	if db.IsNoRow(err) {
		return f, ErrNotFound
	}
	return f, err
}
