package wish

import (
	"context"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const columns = `id, author_id, lead_id, name, details, photo, link, category_id, region_id, way, top_price,
 threshold, policy_id, state, round, pause_until, firm, watching, until_at, reached_at, ended_at, outcome,
 merged_into, down_at, down_ground, down_words, down_key, created_at, version`

func scan(r db.Row) (Wish, error) {
	var w Wish
	err := r.Scan(&w.ID, &w.AuthorID, &w.LeadID, &w.Name, &w.Details, &w.Photo, &w.Link, &w.CategoryID, &w.RegionID,
		&w.Way, &w.TopPrice, &w.Threshold, &w.PolicyID, &w.State, &w.Round, db.Time(&w.PauseUntil), &w.Firm, &w.Watching,
		db.Time(&w.Until), db.Time(&w.ReachedAt), db.Time(&w.EndedAt), &w.Outcome, &w.MergedInto, db.Time(&w.Down.At),
		&w.Down.Ground, &w.Down.Words, &w.Down.Key, db.Time(&w.CreatedAt), &w.Version)
	return w.withheld(), err
}

// PostKey is the idempotency key under which an author began a wish, with a hash of what was asked.
type PostKey struct {
	AuthorID market.AccountID
	Key      string
	Hash     string
}

// Posted reads the wish that a key began and the hash it began it with; "" when it began none.
func Posted(ctx context.Context, q db.Querier, key PostKey) (id market.WishID, hash string, err error) {
	_, err = db.One(ctx, q, func(r db.Row) (struct{}, error) { return struct{}{}, r.Scan(&id, &hash) },
		`SELECT id, post_hash FROM wish WHERE author_id = $1 AND post_key = $2`, string(key.AuthorID), key.Key)
	if db.IsNoRow(err) {
		return "", "", nil
	}
	return id, hash, err
}

// Insert writes a new wish, which nobody has joined yet.
func Insert(ctx context.Context, tx *db.Tx, w Wish, key PostKey) error {
	_, err := db.InsertMany(ctx, tx, db.Insert{Table: "wish", Columns: []string{"id", "author_id", "lead_id", "name",
		"details", "photo", "link", "category_id", "region_id", "way", "top_price", "threshold", "policy_id", "state",
		"until_at", "created_at", "post_key", "post_hash"}}, [][]any{{string(w.ID), string(w.AuthorID), string(w.LeadID),
		w.Name, w.Details, w.Photo, w.Link, string(w.CategoryID), string(w.RegionID), string(w.Way), w.TopPrice,
		w.Threshold, w.PolicyID, string(w.State), db.Micros(w.Until), db.Micros(w.CreatedAt), key.Key, key.Hash}})
	return err
}

// Find reads a wish, or answers ErrNotFound.
func Find(ctx context.Context, q db.Querier, id market.WishID) (Wish, error) {
	w, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM wish WHERE id = $1`, string(id))
	if db.IsNoRow(err) {
		return w, ErrNotFound
	}
	return w, err
}

// Load reads the wishes of a batch; one that is not there is missing in the answer.
func Load(ctx context.Context, q db.Querier, ids []market.WishID) (map[market.WishID]*Wish, error) {
	rows, err := db.ByIDs(ctx, q, scan, `SELECT `+columns+` FROM wish WHERE id IN {ids}`, ids)
	out := make(map[market.WishID]*Wish, len(rows))
	for i := range rows {
		out[rows[i].ID] = &rows[i]
	}
	return out, err
}

// Gatherings counts an author's wishes that gather.
func Gatherings(ctx context.Context, q db.Querier, author market.AccountID) (int64, error) {
	return db.One(ctx, q, db.Scalar[int64],
		`SELECT count(*) FROM wish WHERE author_id = $1 AND state = 'gathering'`, string(author))
}

// Ending is how a wish ends.
type Ending struct {
	Action  Action
	By      By
	Outcome string
}

// End moves a wish, in the state in which it was read, to an end, and gives that. It answers false when it is no longer
// as it was read: the caller reads it again. ErrState refuses a step that its state does not allow.
func End(ctx context.Context, tx *db.Tx, w Wish, e Ending) (to State, ok bool, err error) {
	if to, err = Next(w.State, e.Action, e.By); err != nil {
		return to, false, err
	}
	n, err := db.Exec(ctx, tx, `UPDATE wish SET state = $3, ended_at = $4, outcome = $5, version = version + 1
 WHERE id = $1 AND version = $2`, string(w.ID), w.Version, string(to), db.Micros(tx.Now()), e.Outcome)
	return to, n == 1, err
}

// Pass moves a wish, in the state in which it was read, on to a state that is no end, and gives that. It answers false
// when it is no longer as it was read. ErrState refuses a step that its state does not allow.
func Pass(ctx context.Context, tx *db.Tx, w Wish, action Action, by By) (to State, ok bool, err error) {
	if to, err = Next(w.State, action, by); err != nil {
		return to, false, err
	}
	n, err := db.Exec(ctx, tx, `UPDATE wish SET state = $3, version = version + 1 WHERE id = $1 AND version = $2`,
		string(w.ID), w.Version, string(to))
	return to, n == 1, err
}

// SetLead hands a wish over from who leads it. It answers false when somebody else leads it by now.
func SetLead(ctx context.Context, tx *db.Tx, id market.WishID, from, to market.AccountID) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE wish SET lead_id = $3, version = version + 1 WHERE id = $1 AND lead_id = $2`,
		string(id), string(from), string(to))
	return n == 1, err
}
