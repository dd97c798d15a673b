package settlement

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const apartColumns = `line_id, statement_id, merchant_id, amount, state, reason, objected_by, objected_at, outcome,
 answer, answered_by, answered_at, payout_id, version`

func scanApart(r db.Row) (Apart, error) {
	var a Apart
	err := r.Scan(&a.LineID, &a.StatementID, &a.MerchantID, &a.Amount, &a.State, &a.Reason, &a.ObjectedBy,
		db.Time(&a.ObjectedAt), &a.Outcome, &a.Answer, &a.AnsweredBy, db.Time(&a.AnsweredAt), db.Text(&a.PayoutID),
		&a.Version)
	return a, err
}

// TakeEarly notes that a correction of a draft was taken from payable money at once: won is above zero. The merchant is
// locked.
func TakeEarly(ctx context.Context, tx *db.Tx, l Line, won int64) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO statement_apart (line_id, statement_id, merchant_id, amount, state, version)
 VALUES ($1, $2, $3, $4, 'ready', 1)`, l.ID, string(l.StatementID), string(l.MerchantID), -won)
	if err != nil {
		return err
	}
	return guarded(db.Exec(ctx, tx, `UPDATE statement SET apart = apart - $2, version = version + 1
 WHERE id = $1 AND state = 'draft'`, string(l.StatementID), won))
}

// Object puts a line apart under objection. The guard is the statement's deadline; ErrObjected when the line was
// objected to before. The merchant is locked.
func Object(ctx context.Context, tx *db.Tx, a Apart) error {
	n, err := db.Exec(ctx, tx, `INSERT INTO statement_apart (line_id, statement_id, merchant_id, amount, state, reason,
 objected_by, objected_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)
 ON CONFLICT (line_id) DO UPDATE SET reason = excluded.reason, objected_by = excluded.objected_by,
 objected_at = excluded.objected_at, version = statement_apart.version + 1 WHERE statement_apart.objected_at IS NULL`,
		a.LineID, string(a.StatementID), string(a.MerchantID), a.Amount, string(a.State), a.Reason, string(a.ObjectedBy),
		db.Micros(a.ObjectedAt))
	if err != nil {
		return err
	}
	if n != 1 {
		return ErrObjected
	}
	return guarded(db.Exec(ctx, tx, `UPDATE statement SET apart = apart + $2, version = version + 1
 WHERE id = $1 AND state = 'issued' AND object_until > $3`, string(a.StatementID), a.Amount, db.Micros(tx.Now())))
}

// Settled is the operator's answer to an objection.
type Settled struct {
	LineID  string
	Outcome Outcome
	Answer  string
	By      market.AccountID
}

// Answer ends an objection, once; the line becomes payable.
func Answer(ctx context.Context, tx *db.Tx, s Settled) error {
	n, err := db.Exec(ctx, tx, `UPDATE statement_apart SET state = 'ready', outcome = $2, answer = $3, answered_by = $4,
 answered_at = $5, version = version + 1 WHERE line_id = $1 AND objected_at IS NOT NULL AND answered_at IS NULL`,
		s.LineID, string(s.Outcome), s.Answer, string(s.By), db.Micros(tx.Now()))
	if err == nil && n != 1 {
		return ErrAnswered
	}
	return err
}

// FindApart gives a line's way of its own, or ErrNotFound.
func FindApart(ctx context.Context, q db.Querier, line string) (Apart, error) {
	return found(db.One(ctx, q, scanApart, `SELECT `+apartColumns+` FROM statement_apart WHERE line_id = $1`, line))
}

// Aparts lists the lines of a statement that go their own way, by line.
func Aparts(ctx context.Context, q db.Querier, id market.StatementID) (map[string]Apart, error) {
	list, err := db.All(ctx, q, scanApart, `SELECT `+apartColumns+` FROM statement_apart WHERE statement_id = $1`,
		string(id))
	out := make(map[string]Apart, len(list))
	for _, a := range list {
		out[a.LineID] = a
	}
	return out, err
}

// Objections lists objections that wait for an answer, the oldest first, after a line of the same instant.
func Objections(ctx context.Context, q db.Querier, limit int) ([]Apart, error) {
	return db.All(ctx, q, scanApart, `SELECT `+apartColumns+` FROM statement_apart
 WHERE objected_at IS NOT NULL AND answered_at IS NULL ORDER BY objected_at, line_id LIMIT $1`, limit)
}
