package room

import (
	"context"
	"sort"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const columns = `deal_id, state, hand, commitment, seed, digest, drawn, last_place, called, pace, called_at, opened_at,
 closed_at, version`

func scan(r db.Row) (Room, error) {
	var m Room
	err := r.Scan(&m.DealID, &m.State, &m.Hand, &m.Commitment, &m.Seed, &m.Digest, &m.Drawn, &m.Last, &m.Called, &m.Pace,
		db.Time(&m.CalledAt), db.Time(&m.OpenedAt), db.Time(&m.ClosedAt), &m.Version)
	return m, err
}

// Find reads a deal's room; a deal that never had one answers a zero Room.
func Find(ctx context.Context, q db.Querier, id market.DealID) (Room, error) {
	m, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM room WHERE deal_id = $1`, string(id))
	if db.IsNoRow(err) {
		return Room{DealID: id}, nil
	}
	return m, err
}

// Load reads the rooms of a batch; a deal without one is missing in the answer.
func Load(ctx context.Context, q db.Querier, ids []market.DealID) (map[market.DealID]Room, error) {
	rows, err := db.ByIDs(ctx, q, scan, `SELECT `+columns+` FROM room WHERE deal_id IN {ids}`, ids)
	out := make(map[market.DealID]Room, len(rows))
	for _, m := range rows {
		out[m.DealID] = m
	}
	return out, err
}

// shutMax is how many rooms stand open at once at most: what one look reads.
const shutMax = 1000

// Shut lists the rooms that stand between buyers and their deals.
func Shut(ctx context.Context, q db.Querier) ([]Room, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM room WHERE state <> 'closed' ORDER BY deal_id LIMIT $1`,
		int64(shutMax))
}

// Recent lists the rooms for the operator: those that are on first, then those that closed last.
func Recent(ctx context.Context, q db.Querier, limit int) ([]Room, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM room
 ORDER BY CASE WHEN state = 'closed' THEN 1 ELSE 0 END, CASE WHEN closed_at IS NULL THEN 0 ELSE closed_at END DESC,
 deal_id DESC LIMIT $1`, int64(limit))
}

// Make writes rooms that are not there yet.
func Make(ctx context.Context, tx *db.Tx, rooms []Room) error {
	rows := make([][]any, len(rooms))
	for i, m := range rooms {
		rows[i] = []any{string(m.DealID), string(m.State), string(m.Hand), m.Commitment, db.TimeArg(m.OpenedAt), int64(1)}
	}
	_, err := db.InsertMany(ctx, tx, db.Insert{Table: "room",
		Columns:    []string{"deal_id", "state", "hand", "commitment", "opened_at", "version"},
		OnConflict: "ON CONFLICT (deal_id) DO NOTHING"}, rows)
	return err
}

// Step moves a room from the state and the hand that were read.
type Step struct {
	Room // as it was read
	To   State
	By   Hand // from now on
}

// Move takes the step and tells whether it was taken: nobody else moved the room meanwhile.
func Move(ctx context.Context, tx *db.Tx, s Step) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE room SET state = $3, hand = $4, version = version + 1,
 opened_at = CASE WHEN $3 = 'open' THEN $5 ELSE opened_at END,
 closed_at = CASE WHEN $3 = 'closed' THEN $5 ELSE closed_at END
 WHERE deal_id = $1 AND state = $2 AND hand = $6`, string(s.DealID), string(s.State), string(s.To), string(s.By),
		db.Micros(tx.Now()), string(s.Hand))
	return n == 1, err
}

// Advance calls the places up to Call.To and tells whether it did: another node may have been first.
func Advance(ctx context.Context, tx *db.Tx, c Call) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE room SET called = $3, pace = $4, called_at = $5, version = version + 1
 WHERE deal_id = $1 AND state = 'open' AND called = $2 AND $3 > called AND $3 <= last_place`,
		string(c.DealID), c.From, c.To, c.Pace, db.Micros(tx.Now()))
	if err != nil || n == 0 {
		return false, err
	}
	_, err = db.Exec(ctx, tx, `UPDATE room_place SET called_at = $4
 WHERE deal_id = $1 AND number > $2 AND number <= $3 AND called_at IS NULL`, string(c.DealID), c.From, c.To,
		db.Micros(tx.Now()))
	return err == nil, err
}

// InFlight counts the buyers of a deal whose turn has come, is not over, and who have not chosen.
func InFlight(ctx context.Context, q db.Querier, id market.DealID, now time.Time) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM room_place
 WHERE deal_id = $1 AND called_at > $2 AND used_at IS NULL AND left_at IS NULL`, string(id),
		db.Micros(now.Add(-TurnTime)))
}

const placeColumns = `deal_id, account_id, mark, number, joined_at, called_at, used_at, left_at`

func scanPlace(r db.Row) (Place, error) {
	var p Place
	var number *int64
	err := r.Scan(&p.DealID, &p.AccountID, &p.Mark, &number, db.Time(&p.JoinedAt), db.Time(&p.CalledAt),
		db.Time(&p.UsedAt), db.Time(&p.LeftAt))
	if number != nil {
		p.Number = *number
	}
	return p, err
}

// FindPlace reads an account's place; without one it answers a zero Place.
func FindPlace(ctx context.Context, q db.Querier, id market.DealID, who market.AccountID) (Place, error) {
	p, err := db.One(ctx, q, scanPlace, `SELECT `+placeColumns+` FROM room_place WHERE id = $1`, Key(id, who))
	if db.IsNoRow(err) {
		return Place{}, nil
	}
	return p, err
}

// LoadPlaces reads the places of a batch by their keys.
func LoadPlaces(ctx context.Context, q db.Querier, keys []string) (map[string]Place, error) {
	rows, err := db.ByIDs(ctx, q, scanPlace, `SELECT `+placeColumns+` FROM room_place WHERE id IN {ids}`, keys)
	out := make(map[string]Place, len(rows))
	for _, p := range rows {
		out[Key(p.DealID, p.AccountID)] = p
	}
	return out, err
}

// PutPlaces gives places: new ones, and new numbers to those who lost or left theirs.
func PutPlaces(ctx context.Context, tx *db.Tx, places []Place) error {
	rows := make([][]any, len(places))
	for i, p := range places {
		var number any
		if p.Number > 0 {
			number = p.Number
		}
		rows[i] = []any{Key(p.DealID, p.AccountID), string(p.DealID), string(p.AccountID), p.Mark, number,
			db.Micros(p.JoinedAt)}
	}
	sort.Slice(rows, func(i, j int) bool { return rows[i][0].(string) < rows[j][0].(string) })
	_, err := db.InsertMany(ctx, tx, db.Insert{Table: "room_place",
		Columns: []string{"id", "deal_id", "account_id", "mark", "number", "joined_at"},
		OnConflict: `ON CONFLICT (id) DO UPDATE SET number = excluded.number, joined_at = excluded.joined_at,
 called_at = NULL, used_at = NULL, left_at = NULL`}, rows)
	return err
}

var take = db.Update{
	Table: "room",
	Columns: []db.Column{{Name: "id", Type: "text"}, {Name: "state", Type: "text"}, {Name: "was", Type: "bigint"},
		{Name: "more", Type: "bigint"}},
	Set:       `last_place = room.last_place + v.more, version = room.version + 1`,
	Where:     `room.deal_id = v.id AND room.state = v.state AND room.last_place = v.was`,
	Returning: "room.deal_id",
}

// Take takes the next numbers of rooms, one row a room: more of them for each, from the state and the last number that
// were read. It answers false when a room moved on meanwhile: the caller decides anew.
func Take(ctx context.Context, tx *db.Tx, rooms []Room, more map[market.DealID]int64) (bool, error) {
	rows := make([][]any, len(rooms))
	for i, m := range rooms {
		rows[i] = []any{string(m.DealID), string(m.State), m.Last, more[m.DealID]}
	}
	sort.Slice(rows, func(i, j int) bool { return rows[i][0].(string) < rows[j][0].(string) })
	passed, err := db.UpdateMany(ctx, tx, take, rows)
	return len(passed) == len(rows), err
}

// Leave gives a place up; before the draw it is forgotten, afterwards the list of the draw stays as it is.
func Leave(ctx context.Context, tx *db.Tx, id market.DealID, who market.AccountID) error {
	n, err := db.Exec(ctx, tx, `UPDATE room SET version = version + 1 WHERE deal_id = $1 AND state = 'gathering'`,
		string(id))
	if err != nil {
		return err
	}
	if n == 1 {
		_, err = db.Exec(ctx, tx, `DELETE FROM room_place WHERE id = $1 AND number IS NULL`, Key(id, who))
		return err
	}
	_, err = db.Exec(ctx, tx, `UPDATE room_place SET left_at = $2 WHERE id = $1 AND left_at IS NULL`, Key(id, who),
		db.Micros(tx.Now()))
	return err
}

var use = db.Update{
	Table:     "room_place",
	Columns:   []db.Column{{Name: "id", Type: "text"}, {Name: "at", Type: "bigint"}},
	Set:       `used_at = v.at`,
	Where:     `room_place.id = v.id AND room_place.called_at IS NOT NULL AND room_place.used_at IS NULL`,
	Returning: "room_place.id",
}

// Use notes that called buyers have chosen, so that the next are called.
func Use(ctx context.Context, tx *db.Tx, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	sort.Strings(keys)
	rows := make([][]any, 0, len(keys))
	for i, key := range keys {
		if i == 0 || key != keys[i-1] {
			rows = append(rows, []any{key, db.Micros(tx.Now())})
		}
	}
	_, err := db.UpdateMany(ctx, tx, use, rows)
	return err
}
