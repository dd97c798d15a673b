package payment

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// SettledRow is a line of the gateway's settlement file, with the class of its difference from our books. All amounts
// in won; a cancel's are below zero.
type SettledRow struct {
	Gateway        string
	TransactionKey string
	PaymentKey     string
	OrderID        string // what the gateway calls the order: the id of our payment
	Gross          int64
	Fee            int64 // without VAT
	FeeVAT         int64
	Net            int64
	SoldDay        string
	PaidDay        string
	Class          string
	Note           string
}

var insertSettled = db.Insert{Table: "payment_settlement", Columns: []string{
	"id", "gateway", "transaction_key", "payment_key", "order_id", "gross", "fee", "fee_vat", "net", "sold_day",
	"paid_day", "class", "note", "seen_at",
}, OnConflict: `ON CONFLICT (gateway, transaction_key) DO NOTHING`}

// InsertSettled keeps lines of the settlement file; those kept before stay as they are.
func InsertSettled(ctx context.Context, tx *db.Tx, list []SettledRow) (int64, error) {
	rows := make([][]any, len(list))
	for i, x := range list {
		rows[i] = []any{tx.NewID("set"), x.Gateway, x.TransactionKey, x.PaymentKey, x.OrderID, x.Gross, x.Fee, x.FeeVAT,
			x.Net, x.SoldDay, x.PaidDay, x.Class, x.Note, db.Micros(tx.Now())}
	}
	return db.InsertMany(ctx, tx, insertSettled, rows)
}

const settledColumns = `gateway, transaction_key, payment_key, order_id, gross, fee, fee_vat, net, sold_day, paid_day,
 class, note`

func scanSettled(r db.Row) (SettledRow, error) {
	var x SettledRow
	err := r.Scan(&x.Gateway, &x.TransactionKey, &x.PaymentKey, &x.OrderID, &x.Gross, &x.Fee, &x.FeeVAT, &x.Net,
		&x.SoldDay, &x.PaidDay, &x.Class, &x.Note)
	return x, err
}

// SettledOn lists the kept lines that the gateway paid on a day.
func SettledOn(ctx context.Context, q db.Querier, gateway, day string) ([]SettledRow, error) {
	return db.All(ctx, q, scanSettled, `SELECT `+settledColumns+` FROM payment_settlement
 WHERE gateway = $1 AND paid_day = $2 ORDER BY id`, gateway, day)
}

// SettledKeys tells which payments and refunds the settlement file has named so far: captures by the payment's key,
// cancels by the transaction's.
func SettledKeys(
	ctx context.Context, q db.Querier, captures, cancels []string,
) (map[string]bool, error) {
	out := map[string]bool{}
	rows, err := db.ByIDs(ctx, q, scanSettled, `SELECT `+settledColumns+` FROM payment_settlement
 WHERE gross > 0 AND payment_key IN `+db.IDsMark, captures)
	if err != nil {
		return nil, err
	}
	for _, x := range rows {
		out[x.PaymentKey] = true
	}
	rows, err = db.ByIDs(ctx, q, scanSettled, `SELECT `+settledColumns+` FROM payment_settlement
 WHERE gross < 0 AND transaction_key IN `+db.IDsMark, cancels)
	for _, x := range rows {
		out[x.TransactionKey] = true
	}
	return out, err
}

// ByKeys gives payments by the gateway's keys; unknown keys are missing.
func ByKeys(ctx context.Context, q db.Querier, gateway string, keys []string) (map[string]Payment, error) {
	rows, err := db.ByIDsOf(ctx, q, scan, db.Bound{Text: `SELECT ` + columns + ` FROM payment
 WHERE gateway = $1 AND payment_key IN ` + db.IDsMark, Args: []any{gateway}}, keys)
	out := make(map[string]Payment, len(rows))
	for _, p := range rows {
		out[p.PaymentKey] = p
	}
	return out, err
}

// RefundsByTransactions gives refunds by the gateway's keys of their cancels; unknown keys are missing.
func RefundsByTransactions(ctx context.Context, q db.Querier, keys []string) (map[string]Refund, error) {
	rows, err := db.ByIDs(ctx, q, scanRefund, `SELECT `+refundColumns+` FROM refund WHERE transaction_key IN `+
		db.IDsMark, keys)
	out := make(map[string]Refund, len(rows))
	for _, f := range rows {
		out[f.TransactionKey] = f
	}
	return out, err
}

// CapturedIn lists payments captured between two instants, the end excluded.
func CapturedIn(ctx context.Context, q db.Querier, gateway string, from, to time.Time) ([]Payment, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM payment WHERE gateway = $1 AND captured_at >= $2
 AND captured_at < $3 ORDER BY captured_at, id`, gateway, db.Micros(from), db.Micros(to))
}

// AcceptedIn lists refunds that the gateway took between two instants, the end excluded.
func AcceptedIn(ctx context.Context, q db.Querier, from, to time.Time) ([]Refund, error) {
	return db.All(ctx, q, scanRefund, `SELECT `+refundColumns+` FROM refund WHERE accepted_at >= $1
 AND accepted_at < $2 ORDER BY accepted_at, id`, db.Micros(from), db.Micros(to))
}

// Got is what was captured of a payment, in won.
func (p Payment) Got() int64 {
	if p.State == Captured {
		return p.Amount
	}
	return 0
}

// Accepted reports a refund that the gateway took and whose settlement was not seen.
func (f Refund) Accepted() bool { return f.State == RefundAccepted }

// SumSettled adds lines of the settlement file up.
func SumSettled(rows []SettledRow) SettledRow {
	var sum SettledRow
	for _, x := range rows {
		sum.Gross += x.Gross
		sum.Fee += x.Fee
		sum.FeeVAT += x.FeeVAT
		sum.Net += x.Net
	}
	return sum
}

// Paying gives a sum as the bank paid it: what differs stays owed by the gateway, or is owed to it.
func (x SettledRow) Paying(won int64) SettledRow {
	x.Gross, x.Net = won+x.Fee+x.FeeVAT, won
	return x
}

// Moves reports that there is something to book: a capture and a cancel of one day without fees move nothing.
func (r SettledRow) Moves() bool { return r.Gross != 0 || r.Fee != 0 || r.FeeVAT != 0 }
