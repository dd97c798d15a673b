package collect

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const columns = `wish_id, bid_id, merchant_id, round, state, needs, most, room, opened_at, until_at, consent_until,
 answer_by, ended_at, outcome, version`

func scan(r db.Row) (Collect, error) {
	var c Collect
	err := r.Scan(&c.WishID, &c.BidID, &c.MerchantID, &c.Round, &c.State, &c.Needs, &c.Most, &c.Room,
		db.Time(&c.OpenedAt), db.Time(&c.Until), db.Time(&c.ConsentUntil), db.Time(&c.AnswerBy), db.Time(&c.EndedAt),
		&c.Outcome, &c.Version)
	return c, err
}

// Find reads the paying of a wish, or answers ErrNotFound when nobody was asked to pay yet.
func Find(ctx context.Context, q db.Querier, id market.WishID) (Collect, error) {
	c, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM collect WHERE wish_id = $1`, string(id))
	if db.IsNoRow(err) {
		return c, ErrNotFound
	}
	return c, err
}

// Load reads the paying of several wishes; one that has none is missing in the answer.
func Load(ctx context.Context, q db.Querier, ids []market.WishID) (map[market.WishID]Collect, error) {
	rows, err := db.ByIDs(ctx, q, scan, `SELECT `+columns+` FROM collect WHERE wish_id IN `+db.IDsMark, ids)
	out := make(map[market.WishID]Collect, len(rows))
	for _, c := range rows {
		out[c.WishID] = c
	}
	return out, err
}

// Insert writes a first round; it answers ErrMoved when there is one already.
func Insert(ctx context.Context, tx *db.Tx, c Collect) error {
	n, err := db.InsertMany(ctx, tx, db.Insert{Table: "collect", OnConflict: "ON CONFLICT DO NOTHING",
		Columns: []string{"wish_id", "bid_id", "merchant_id", "round", "state", "needs", "most", "room", "opened_at",
			"until_at", "version"}},
		[][]any{{string(c.WishID), string(c.BidID), string(c.MerchantID), c.Round, string(c.State), c.Needs, c.Most,
			c.Room, db.Micros(c.OpenedAt), db.Micros(c.Until), int64(1)}})
	return one(n, err)
}

// Save writes a collect as it is now, under the guard that it still is as it was read; it answers ErrMoved.
func Save(ctx context.Context, tx *db.Tx, was, is Collect) error {
	n, err := db.Exec(ctx, tx, `UPDATE collect SET bid_id = $3, merchant_id = $4, round = $5, state = $6, needs = $7,
 most = $8, opened_at = $9, until_at = $10, consent_until = $11, answer_by = $12, ended_at = $13, outcome = $14,
 room = $15, version = version + 1 WHERE wish_id = $1 AND version = $2`, string(was.WishID), was.Version,
		string(is.BidID), string(is.MerchantID), is.Round, string(is.State), is.Needs, is.Most, db.Micros(is.OpenedAt),
		db.Micros(is.Until), db.TimeArg(is.ConsentUntil), db.TimeArg(is.AnswerBy), db.TimeArg(is.EndedAt), is.Outcome,
		is.Room)
	return one(n, err)
}

// one is the answer of a guard that lets one row through.
func one(n int64, err error) error {
	if err == nil && n != 1 {
		return ErrMoved
	}
	return err
}
