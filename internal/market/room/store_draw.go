package room

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

// Marks gives the marks of those who came before the start; the list no longer changes once the room is drawing.
func Marks(ctx context.Context, q db.Querier, id market.DealID) ([]string, error) {
	return db.All(ctx, q, db.Scalar[string], `SELECT mark FROM room_place
 WHERE deal_id = $1 AND (lot IS NOT NULL OR number IS NULL) ORDER BY mark`, string(id))
}

// Drawn is a draw that was made.
type Drawn struct {
	Room   // as it was read: drawing
	Seed   string
	Digest string
	Count  int64
}

// Reveal publishes a draw's seed and list, and reserves its places; once.
func Reveal(ctx context.Context, tx *db.Tx, d Drawn) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE room SET seed = $3, digest = $4, drawn = $5, last_place = $5,
 version = version + 1 WHERE deal_id = $1 AND version = $2 AND state = 'drawing' AND seed = ''`,
		string(d.DealID), d.Version, d.Seed, d.Digest, d.Count)
	return n == 1, err
}

var number = db.Update{
	Table:     "room_place",
	Columns:   []db.Column{{Name: "deal", Type: "text"}, {Name: "mark", Type: "text"}, {Name: "number", Type: "bigint"}},
	Set:       `number = v.number, lot = v.number`,
	Where:     `room_place.deal_id = v.deal AND room_place.mark = v.mark AND room_place.number IS NULL`,
	Returning: "room_place.id",
}

// Number gives the drawn places, from the first of them on; those that have theirs keep it.
func Number(ctx context.Context, tx *db.Tx, id market.DealID, marks []string, first int64) error {
	rows := make([][]any, len(marks))
	for i, mark := range marks {
		rows[i] = []any{string(id), mark, first + int64(i)}
	}
	_, err := db.UpdateMany(ctx, tx, number, rows)
	return err
}

// Numbered counts the places that were drawn so far.
func Numbered(ctx context.Context, q db.Querier, id market.DealID) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64], `SELECT count(lot) FROM room_place WHERE deal_id = $1`, string(id))
}

// CallAll calls everybody who was drawn, for a room that needs no line.
func CallAll(ctx context.Context, tx *db.Tx, id market.DealID) error {
	if _, err := db.Exec(ctx, tx, `UPDATE room SET called = last_place, version = version + 1 WHERE deal_id = $1`,
		string(id)); err != nil {
		return err
	}
	_, err := db.Exec(ctx, tx, `UPDATE room_place SET called_at = $2 WHERE deal_id = $1 AND called_at IS NULL
 AND number IS NOT NULL`, string(id), db.Micros(tx.Now()))
	return err
}

// DrawnMarks gives the public list of a draw in the order of its places.
func DrawnMarks(ctx context.Context, q db.Querier, id market.DealID) ([]string, error) {
	return db.All(ctx, q, db.Scalar[string], `SELECT mark FROM room_place WHERE deal_id = $1 AND lot IS NOT NULL
 ORDER BY lot`, string(id))
}

// CountPresent counts who came before the start and is still here, whether their places are drawn by now or not.
func CountPresent(ctx context.Context, q db.Querier, id market.DealID) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM room_place
 WHERE deal_id = $1 AND (lot IS NOT NULL OR number IS NULL) AND left_at IS NULL`, string(id))
}
