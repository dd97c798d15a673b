package waitlist

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const columns = `id, deal_id, option_id, account_id, state, order_id, outcome, at, offered_at`

func scan(r db.Row) (Entry, error) {
	var e Entry
	err := r.Scan(&e.ID, &e.DealID, &e.OptionID, &e.AccountID, &e.State, &e.OrderID, &e.Outcome, db.Time(&e.At),
		db.Time(&e.OfferedAt))
	return e, err
}

const prefix = "wai"

// Join writes entries in their order; an account that waits for the deal already keeps its place and its option.
func Join(ctx context.Context, tx *db.Tx, list []Entry) error {
	rows := make([][]any, len(list))
	for i, e := range list {
		rows[i] = []any{tx.NewID(prefix), string(e.DealID), string(e.OptionID), string(e.AccountID), string(Waiting),
			db.Micros(tx.Now())}
	}
	_, err := db.InsertMany(ctx, tx, db.Insert{Table: "waitlist",
		Columns:    []string{"id", "deal_id", "option_id", "account_id", "state", "at"},
		OnConflict: "ON CONFLICT (deal_id, account_id) WHERE state = 'waiting' DO NOTHING"}, rows)
	return err
}

// Leave ends an account's wait for a deal; one that does not wait is no error.
func Leave(ctx context.Context, tx *db.Tx, id market.DealID, who market.AccountID) error {
	_, err := db.Exec(ctx, tx, `UPDATE waitlist SET state = 'ended', outcome = 'left', ended_at = $3
 WHERE deal_id = $1 AND account_id = $2 AND state = 'waiting'`, string(id), string(who), db.Micros(tx.Now()))
	return err
}

// Find reads what became of an account's newest wish for a deal; a zero Entry when there was none.
func Find(ctx context.Context, q db.Querier, id market.DealID, who market.AccountID) (Entry, error) {
	e, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM waitlist WHERE deal_id = $1 AND account_id = $2
 ORDER BY id DESC LIMIT 1`, string(id), string(who))
	if db.IsNoRow(err) {
		return Entry{}, nil
	}
	return e, err
}

// Before counts those who wait in front of an entry for the same option.
func Before(ctx context.Context, q db.Querier, e Entry) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM waitlist
 WHERE deal_id = $1 AND option_id = $2 AND state = 'waiting' AND id < $3`, string(e.DealID), string(e.OptionID), e.ID)
}

// Line is how many wait for an option.
type Line struct {
	DealID   market.DealID
	OptionID market.OptionID
	Waiting  int64
}

// linesMax bounds what one look reads.
const linesMax = 1000

// Lines lists the options for which somebody waits.
func Lines(ctx context.Context, q db.Querier) ([]Line, error) {
	return db.All(ctx, q, func(r db.Row) (Line, error) {
		var l Line
		err := r.Scan(&l.DealID, &l.OptionID, &l.Waiting)
		return l, err
	}, `SELECT deal_id, option_id, count(*) FROM waitlist WHERE state = 'waiting' GROUP BY deal_id, option_id
 ORDER BY deal_id, option_id LIMIT $1`, int64(linesMax))
}

// First gives those who wait longest for an option.
func First(ctx context.Context, q db.Querier, l Line, n int64) ([]Entry, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM waitlist
 WHERE deal_id = $1 AND option_id = $2 AND state = 'waiting' ORDER BY id LIMIT $3`, string(l.DealID),
		string(l.OptionID), n)
}

// Offer notes the hold an entry was given and tells whether it waited still.
func Offer(ctx context.Context, tx *db.Tx, id string, order market.OrderID) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE waitlist SET state = 'offered', order_id = $2, offered_at = $3
 WHERE id = $1 AND state = 'waiting'`, id, string(order), db.Micros(tx.Now()))
	return n == 1, err
}

// End ends entries that can never be offered anything.
func End(ctx context.Context, tx *db.Tx, id, outcome string) error {
	_, err := db.Exec(ctx, tx, `UPDATE waitlist SET state = 'ended', outcome = $2, ended_at = $3
 WHERE id = $1 AND state = 'waiting'`, id, outcome, db.Micros(tx.Now()))
	return err
}

// EndAll ends everybody's wait for a deal whose sale is over.
func EndAll(ctx context.Context, tx *db.Tx, id market.DealID) error {
	_, err := db.Exec(ctx, tx, `UPDATE waitlist SET state = 'ended', outcome = 'over', ended_at = $2
 WHERE deal_id = $1 AND state = 'waiting'`, string(id), db.Micros(tx.Now()))
	return err
}
