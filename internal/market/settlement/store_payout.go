package settlement

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const payoutColumns = `id, merchant_id, day, amount, state, bank_code, bank_account, bank_holder, due_at, attempt,
 hold_code, hold_reason, held_by, held_for, table_ended, sent_at, confirmed_at, ended_at, last_error, replaces, version`

func scanPayout(r db.Row) (Payout, error) {
	var p Payout
	err := r.Scan(&p.ID, &p.MerchantID, &p.Day, &p.Amount, &p.State, &p.Bank.BankCode, &p.Bank.Number, &p.Bank.Holder,
		db.Time(&p.DueAt), &p.Attempt, &p.HoldCode, &p.HoldReason, &p.HeldBy, &p.HeldFor, &p.TableEnded,
		db.Time(&p.SentAt), db.Time(&p.ConfirmedAt), db.Time(&p.EndedAt), &p.LastError, db.Text(&p.Replaces), &p.Version)
	return p, err
}

// PayableMerchants lists merchants, after an id, who have something that may be paid on a day.
func PayableMerchants(
	ctx context.Context, q db.Querier, day string, after market.MerchantID, limit int,
) ([]market.MerchantID, error) {
	return db.All(ctx, q, db.Scalar[market.MerchantID], `SELECT merchant_id FROM (
 SELECT merchant_id FROM statement WHERE state = 'confirmed' AND payout_id IS NULL AND payable_day <= $1
 UNION SELECT merchant_id FROM statement_apart WHERE state = 'ready' AND payout_id IS NULL) AS payable
 WHERE merchant_id > $2 ORDER BY merchant_id LIMIT $3`, day, string(after), limit)
}

// Payable is what may be paid to a merchant on a day, in won; below zero when more was taken back than came.
func Payable(ctx context.Context, q db.Querier, id market.MerchantID, day string) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64], `SELECT CAST(COALESCE(SUM(won), 0) AS bigint) FROM (
 SELECT net - apart AS won FROM statement
  WHERE merchant_id = $1 AND state = 'confirmed' AND payout_id IS NULL AND payable_day <= $2
 UNION ALL SELECT amount FROM statement_apart
  WHERE merchant_id = $1 AND state = 'ready' AND payout_id IS NULL) AS payable`, string(id), day)
}

// Standing is what must stand on a merchant's account 2150, in won: bodies and lines apart that no payout pays yet, and
// payouts that the bank was not asked for.
func Standing(ctx context.Context, q db.Querier, id market.MerchantID) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64], `SELECT CAST(COALESCE(SUM(won), 0) AS bigint) FROM (
 SELECT net - apart AS won FROM statement WHERE merchant_id = $1 AND state <> 'draft' AND payout_id IS NULL
 UNION ALL SELECT amount FROM statement_apart WHERE merchant_id = $1 AND payout_id IS NULL
 UNION ALL SELECT amount FROM payout WHERE merchant_id = $1 AND state IN ('due', 'held')) AS standing`, string(id))
}

// Promised is the part of a merchant's account 2150 that payouts not yet sent will take, in won.
func Promised(ctx context.Context, q db.Querier, id market.MerchantID) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64], `SELECT CAST(COALESCE(SUM(amount), 0) AS bigint) FROM payout
 WHERE merchant_id = $1 AND state IN ('due', 'held')`, string(id))
}

// Sums is where a merchant's stated money stands, in won.
type Sums struct {
	Open    int64 // on issued statements, until silence confirms
	Frozen  int64 // under objection
	Payable int64 // confirmed, to be paid with the next run
	Waiting int64 // in payouts not yet sent
	OnWay   int64 // sent, the bank has not told its end
	Paid    int64 // arrived
}

// SumsOf adds a merchant's statements and payouts up.
func SumsOf(ctx context.Context, q db.Querier, id market.MerchantID) (Sums, error) {
	return db.One(ctx, q, func(r db.Row) (Sums, error) {
		var s Sums
		err := r.Scan(&s.Open, &s.Frozen, &s.Payable, &s.Waiting, &s.OnWay, &s.Paid)
		return s, err
	}, `SELECT CAST(COALESCE(SUM(CASE WHEN part = 'issued' THEN won END), 0) AS bigint),
 CAST(COALESCE(SUM(CASE WHEN part = 'frozen' THEN won END), 0) AS bigint),
 CAST(COALESCE(SUM(CASE WHEN part IN ('confirmed', 'ready') THEN won END), 0) AS bigint),
 CAST(COALESCE(SUM(CASE WHEN part = 'waiting' THEN won END), 0) AS bigint),
 CAST(COALESCE(SUM(CASE WHEN part = 'way' THEN won END), 0) AS bigint),
 CAST(COALESCE(SUM(CASE WHEN part = 'arrived' THEN won END), 0) AS bigint) FROM (
 SELECT state AS part, net - apart AS won FROM statement
  WHERE merchant_id = $1 AND state <> 'draft' AND payout_id IS NULL
 UNION ALL SELECT state, amount FROM statement_apart WHERE merchant_id = $1 AND payout_id IS NULL
 UNION ALL SELECT CASE WHEN state = 'sent' THEN 'way' WHEN state = 'confirmed' THEN 'arrived'
  WHEN state = 'returned' THEN 'returned' ELSE 'waiting' END, amount FROM payout WHERE merchant_id = $1) AS parts`,
		string(id))
}

// HasPayout tells whether a merchant's payout of a day was made.
func HasPayout(ctx context.Context, q db.Querier, id market.MerchantID, day string) (bool, error) {
	n, err := db.One(ctx, q, db.Scalar[int64], `SELECT COUNT(*) FROM payout
 WHERE merchant_id = $1 AND day = $2 AND replaces IS NULL`, string(id), day)
	return n > 0, err
}

func insertPayout(ctx context.Context, tx *db.Tx, p Payout) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO payout (id, merchant_id, day, amount, state, bank_code, bank_account,
 bank_holder, due_at, attempt, hold_code, hold_reason, held_by, table_ended, replaces, version)
 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1)`,
		string(p.ID), string(p.MerchantID), p.Day, p.Amount, string(p.State), p.Bank.BankCode, p.Bank.Number,
		p.Bank.Holder, db.Micros(p.DueAt), p.Attempt, string(p.HoldCode), p.HoldReason, string(p.HeldBy), p.TableEnded,
		db.TextArg(p.Replaces))
	return err
}

// Make writes a payout and gives it everything that is payable on its day. The merchant is locked, and the amount is
// what Payable gave under the lock.
func Make(ctx context.Context, tx *db.Tx, p Payout) error {
	if err := insertPayout(ctx, tx, p); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `UPDATE statement SET payout_id = $1, version = version + 1
 WHERE merchant_id = $2 AND state = 'confirmed' AND payout_id IS NULL AND payable_day <= $3`,
		string(p.ID), string(p.MerchantID), p.Day)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, tx, `UPDATE statement_apart SET payout_id = $1, version = version + 1
 WHERE merchant_id = $2 AND state = 'ready' AND payout_id IS NULL`, string(p.ID), string(p.MerchantID))
	if err != nil {
		return err
	}
	paid, err := db.One(ctx, tx, db.Scalar[int64], `SELECT CAST(COALESCE(SUM(won), 0) AS bigint) FROM (
 SELECT net - apart AS won FROM statement WHERE payout_id = $1
 UNION ALL SELECT amount FROM statement_apart WHERE payout_id = $1) AS parts`, string(p.ID))
	if err == nil && paid != p.Amount {
		return ErrBooks.With("Payout", string(p.ID), "Parts", paid, "Amount", p.Amount)
	}
	return err
}

// FindPayout gives a payout, or ErrNotFound.
func FindPayout(ctx context.Context, q db.Querier, id market.PayoutID) (Payout, error) {
	return found(db.One(ctx, q, scanPayout, `SELECT `+payoutColumns+` FROM payout WHERE id = $1`, string(id)))
}

// PayoutsOf lists a merchant's payouts before an id, "" for the newest of all, newest first.
func PayoutsOf(
	ctx context.Context, q db.Querier, id market.MerchantID, before market.PayoutID, limit int,
) ([]Payout, error) {
	if before == "" {
		before = "~"
	}
	return db.All(ctx, q, scanPayout, `SELECT `+payoutColumns+` FROM payout WHERE merchant_id = $1 AND id < $2
 ORDER BY id DESC LIMIT $3`, string(id), string(before), limit)
}

// Payouts lists payouts in a state after an id, the oldest first.
func Payouts(
	ctx context.Context, q db.Querier, state PayoutState, after market.PayoutID, limit int,
) ([]Payout, error) {
	return db.All(ctx, q, scanPayout, `SELECT `+payoutColumns+` FROM payout WHERE state = $1 AND id > $2
 ORDER BY id LIMIT $3`, string(state), string(after), limit)
}

// LatePayouts lists payouts sent before an instant whose end the bank has not told.
func LatePayouts(ctx context.Context, q db.Querier, sentBefore time.Time, limit int) ([]Payout, error) {
	return db.All(ctx, q, scanPayout, `SELECT `+payoutColumns+` FROM payout WHERE state = 'sent' AND sent_at < $1
 ORDER BY id LIMIT $2`, db.Micros(sentBefore), limit)
}

// Hold stops a payout that was not sent; false when it is too late.
func Hold(ctx context.Context, tx *db.Tx, id market.PayoutID, by market.AccountID, reason string) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE payout SET state = 'held', hold_code = 'operator', hold_reason = $2, held_by = $3,
 version = version + 1 WHERE id = $1 AND state = 'due'`, string(id), reason, string(by))
	return n == 1, err
}

// Release lets a held payout go, to the account that the merchant has now.
func Release(ctx context.Context, tx *db.Tx, id market.PayoutID, to Account) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE payout SET state = 'due', held_for = hold_code, hold_code = '', hold_reason = '',
 bank_code = $2, bank_account = $3, bank_holder = $4, due_at = $5, version = version + 1
 WHERE id = $1 AND state = 'held'`,
		string(id), to.BankCode, to.Number, to.Holder, db.Micros(tx.Now()))
	return n == 1, err
}

// Send writes the intent to ask the bank, before it is asked; false when a payout is not due.
func Send(ctx context.Context, tx *db.Tx, id market.PayoutID) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE payout SET state = 'sent', sent_at = $2, version = version + 1
 WHERE id = $1 AND state = 'due'`, string(id), db.Micros(tx.Now()))
	return n == 1, err
}

// Trouble notes why the bank has not taken a sent payout yet.
func Trouble(ctx context.Context, tx *db.Tx, id market.PayoutID, code string) error {
	_, err := db.Exec(ctx, tx, `UPDATE payout SET last_error = $2, version = version + 1
 WHERE id = $1 AND state = 'sent' AND last_error <> $2`, string(id), code)
	return err
}

// Arrive notes that the bank carried a payout out, once; its statements are paid.
func Arrive(ctx context.Context, tx *db.Tx, id market.PayoutID) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE payout SET state = 'confirmed', confirmed_at = $2, ended_at = $2, last_error = '',
 version = version + 1 WHERE id = $1 AND state = 'sent'`, string(id), db.Micros(tx.Now()))
	if err != nil || n != 1 {
		return false, err
	}
	_, err = db.Exec(ctx, tx, `UPDATE statement SET state = 'paid', version = version + 1
 WHERE payout_id = $1 AND state = 'confirmed'`, string(id))
	return true, err
}

// Return ends a payout whose money is back, or never left, and hands what it paid over to its replacement, which is
// written with it. False when it had ended before.
func Return(ctx context.Context, tx *db.Tx, p, replacement Payout) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE payout SET state = 'returned', ended_at = $2, last_error = $3,
 version = version + 1 WHERE id = $1 AND state IN ('sent', 'confirmed')`,
		string(p.ID), db.Micros(tx.Now()), replacement.HoldReason)
	if err != nil || n != 1 {
		return false, err
	}
	if err := insertPayout(ctx, tx, replacement); err != nil {
		return false, err
	}
	for _, text := range []string{
		`UPDATE statement SET payout_id = $2, state = 'confirmed', version = version + 1 WHERE payout_id = $1`,
		`UPDATE statement_apart SET payout_id = $2, version = version + 1 WHERE payout_id = $1`,
	} {
		if _, err := db.Exec(ctx, tx, text, string(p.ID), string(replacement.ID)); err != nil {
			return false, err
		}
	}
	return true, nil
}
