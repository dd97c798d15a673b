package merger

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const columns = `id, from_id, into_id, asked_by, state, at, until_at, ended_at`

func scan(r db.Row) (Merger, error) {
	var m Merger
	err := r.Scan(&m.ID, &m.FromID, &m.IntoID, &m.AskedBy, &m.State, db.Time(&m.At), db.Time(&m.Until),
		db.Time(&m.EndedAt))
	return m, err
}

func found(m Merger, err error) (Merger, error) {
	if db.IsNoRow(err) {
		return m, ErrNotFound
	}
	return m, err
}

// Find reads the newest proposal of a wish, or answers ErrNotFound.
func Find(ctx context.Context, q db.Querier, from market.WishID) (Merger, error) {
	return found(db.One(ctx, q, scan, `SELECT `+columns+` FROM merger WHERE from_id = $1 ORDER BY id DESC LIMIT 1`,
		string(from)))
}

// AskedOf lists the open proposals to a wish, the oldest first.
func AskedOf(ctx context.Context, q db.Querier, into market.WishID, limit int) ([]Merger, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM merger WHERE into_id = $1 AND state = 'asked' ORDER BY id
 LIMIT $2`, string(into), int64(limit))
}

// Ask writes a proposal; ErrAsked when the wish has an open one.
func Ask(ctx context.Context, tx *db.Tx, m Merger) (Merger, error) {
	m.ID, m.State, m.At = tx.NewID(Prefix), Asked, tx.Now()
	m.Until = m.At.Add(AnswerTime)
	n, err := db.InsertMany(ctx, tx, db.Insert{Table: "merger",
		Columns:    []string{"id", "from_id", "into_id", "asked_by", "state", "at", "until_at"},
		OnConflict: "ON CONFLICT (from_id) WHERE state = 'asked' DO NOTHING"},
		[][]any{{m.ID, string(m.FromID), string(m.IntoID), string(m.AskedBy), string(m.State), db.Micros(m.At),
			db.Micros(m.Until)}})
	if err == nil && n == 0 {
		err = ErrAsked
	}
	return m, err
}

// Ending is how a proposal ends; Who is "" for the clock.
type Ending struct {
	Action Action
	By     By
	Who    market.AccountID
}

// End ends an open proposal; ErrOver when it has ended already.
func End(ctx context.Context, tx *db.Tx, m Merger, e Ending) (Merger, error) {
	next, err := m.Next(e.Action, e.By)
	if err != nil {
		return m, err
	}
	n, err := db.Exec(ctx, tx, `UPDATE merger SET state = $2, ended_at = $3, ended_by = $4
 WHERE id = $1 AND state = 'asked'`, m.ID, string(next.State), db.Micros(tx.Now()), string(e.Who))
	if err == nil && n == 0 {
		err = ErrOver
	}
	return next, err
}

// PutAnswer keeps what a member said, in place of what they said before.
func PutAnswer(ctx context.Context, tx *db.Tx, from market.WishID, who market.AccountID, a Answer) error {
	_, err := db.InsertMany(ctx, tx, db.Insert{Table: "merger_answer",
		Columns:    []string{"from_id", "account_id", "answer", "at"},
		OnConflict: "ON CONFLICT (from_id, account_id) DO UPDATE SET answer = excluded.answer, at = excluded.at"},
		[][]any{{string(from), string(who), string(a), db.Micros(tx.Now())}})
	return err
}

// FindAnswer reads what a member said.
func FindAnswer(ctx context.Context, q db.Querier, from market.WishID, who market.AccountID) (Answer, error) {
	a, err := db.One(ctx, q, db.Scalar[Answer], `SELECT answer FROM merger_answer WHERE from_id = $1 AND account_id = $2`,
		string(from), string(who))
	if db.IsNoRow(err) {
		return Silent, nil
	}
	return a, err
}

// SaidYes counts the people of a merged wish who said yes to coming over.
func SaidYes(ctx context.Context, q db.Querier, from market.WishID) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM merger_answer WHERE from_id = $1 AND answer = 'yes'`,
		string(from))
}
