package payment

import (
	"context"
	"sort"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const refundColumns = `id, order_id, payment_id, deal_id, wish_id, purpose, account_id, subject, units, amount,
 interest, cause, state, requested_at, due_at, accepted_at, settled_at, transaction_key, attempts, last_error, version`

func scanRefund(r db.Row) (Refund, error) {
	var f Refund
	err := r.Scan(&f.ID, &f.OrderID, &f.PaymentID, &f.DealID, &f.WishID, &f.Purpose, &f.AccountID, &f.Subject, &f.Units,
		&f.Amount, &f.Interest, &f.Cause, &f.State, db.Time(&f.RequestedAt), db.Time(&f.DueAt), db.Time(&f.AcceptedAt),
		db.Time(&f.SettledAt), db.Text(&f.TransactionKey), &f.Attempts, &f.LastError, &f.Version)
	return f, err
}

var take = db.Update{
	Table:     "payment",
	Columns:   []db.Column{{Name: "id", Type: "text"}, {Name: "amount", Type: "bigint"}},
	Set:       `refundable = payment.refundable - v.amount, version = payment.version + 1`,
	Where:     `payment.id = v.id AND payment.state = 'captured' AND payment.refundable >= v.amount`,
	Returning: "payment.id",
}

var insertRefund = db.Insert{Table: "refund", Columns: []string{
	"id", "order_id", "payment_id", "deal_id", "wish_id", "purpose", "account_id", "subject", "units", "amount",
	"interest", "cause", "state", "requested_at", "due_at", "version",
}}

// DecideRefund takes the amounts from what can still go back of the payments and writes the refunds. It answers false
// when less is left of any: nothing may then be written.
func DecideRefund(ctx context.Context, tx *db.Tx, list []Refund) (bool, error) {
	sums := map[market.PaymentID]int64{}
	rows := make([][]any, len(list))
	for i, f := range list {
		sums[f.PaymentID] += f.Amount
		rows[i] = []any{string(f.ID), string(f.OrderID), string(f.PaymentID), string(f.DealID), string(f.WishID),
			string(f.Purpose), string(f.AccountID), f.Subject, f.Units, f.Amount, f.Interest, string(f.Cause),
			string(RefundDecided), db.Micros(f.RequestedAt), db.Micros(f.DueAt), int64(1)}
	}
	taken := make([][]any, 0, len(sums))
	for id, sum := range sums {
		taken = append(taken, []any{string(id), sum})
	}
	sort.Slice(taken, func(i, j int) bool { return taken[i][0].(string) < taken[j][0].(string) })
	passed, err := db.UpdateMany(ctx, tx, take, taken)
	if err != nil || len(passed) != len(taken) {
		return false, err
	}
	_, err = db.InsertMany(ctx, tx, insertRefund, rows)
	return err == nil, err
}

// CapturedOf finds the captured payments of orders, the first of each.
func CapturedOf(ctx context.Context, q db.Querier, ids []market.OrderID) (map[market.OrderID]Payment, error) {
	rows, err := db.ByIDs(ctx, q, scan,
		`SELECT `+columns+` FROM payment WHERE order_id IN {ids} AND state = 'captured' ORDER BY id`, ids)
	out := make(map[market.OrderID]Payment, len(rows))
	for _, p := range rows {
		if _, ok := out[p.OrderID]; !ok {
			out[p.OrderID] = p
		}
	}
	return out, err
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
