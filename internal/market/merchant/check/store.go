package check

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market"
)

const columns = `merchant_id, number, state, result, source, checked_at, ask_at, asks, version`

func scan(r db.Row) (Standing, error) {
	var s Standing
	err := r.Scan(&s.MerchantID, &s.Number, &s.State, &s.Result, &s.Source, db.Time(&s.CheckedAt), db.Time(&s.AskAt),
		&s.Asks, &s.Version)
	return s, err
}

// Find reads where a merchant stands, or answers ErrNotFound.
func Find(ctx context.Context, q db.Querier, id market.MerchantID) (Standing, error) {
	s, err := db.One(ctx, q, scan, `SELECT `+columns+` FROM merchant_verify WHERE merchant_id = $1`, string(id))
	if db.IsNoRow(err) {
		return s, ErrNotFound
	}
	return s, err
}

// Due lists merchants whose time to be asked about has come, the longest waiting first.
func Due(ctx context.Context, q db.Querier, now time.Time, limit int) ([]Standing, error) {
	return db.All(ctx, q, scan, `SELECT `+columns+` FROM merchant_verify WHERE ask_at IS NOT NULL AND ask_at <= $1
 ORDER BY ask_at, merchant_id LIMIT $2`, db.Micros(now), limit)
}

// Begin lets a merchant's number be asked about from now on; another number than before begins anew, the same one stays
// as it is.
func Begin(ctx context.Context, tx *db.Tx, id market.MerchantID, number string) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO merchant_verify (merchant_id, number, state, result, source, ask_at, asks,
 version) VALUES ($1, $2, 'waiting', '', '', $3, 0, 1) ON CONFLICT (merchant_id) DO UPDATE SET number = excluded.number,
 state = 'waiting', result = '', source = '', checked_at = NULL, ask_at = excluded.ask_at, asks = 0,
 version = merchant_verify.version + 1 WHERE merchant_verify.number <> excluded.number`,
		string(id), number, db.Micros(tx.Now()))
	return err
}

// Save writes a standing as it was read; false when somebody else moved it meanwhile.
func Save(ctx context.Context, tx *db.Tx, s Standing) (bool, error) {
	n, err := db.Exec(ctx, tx, `UPDATE merchant_verify SET state = $3, result = $4, source = $5, checked_at = $6,
 ask_at = $7, asks = $8, version = version + 1 WHERE merchant_id = $1 AND version = $2`, string(s.MerchantID),
		s.Version, string(s.State), string(s.Result), s.Source, db.TimeArg(s.CheckedAt), db.TimeArg(s.AskAt), s.Asks)
	return n == 1, err
}

// Note keeps what a register said.
func Note(ctx context.Context, tx *db.Tx, s Standing, r Result, source string) error {
	_, err := db.Exec(ctx, tx, `INSERT INTO merchant_check (id, merchant_id, number, result, source, at)
 VALUES ($1, $2, $3, $4, $5, $6)`, tx.NewID("chk"), string(s.MerchantID), s.Number, string(r), source,
		db.Micros(tx.Now()))
	return err
}

// Said is one answer of a register.
type Said struct {
	Number string
	Result Result
	Source string
	At     time.Time
}

// History lists what registers said of a merchant, the newest first.
func History(ctx context.Context, q db.Querier, id market.MerchantID, limit int) ([]Said, error) {
	return db.All(ctx, q, func(r db.Row) (Said, error) {
		var s Said
		err := r.Scan(&s.Number, &s.Result, &s.Source, db.Time(&s.At))
		return s, err
	}, `SELECT number, result, source, at FROM merchant_check WHERE merchant_id = $1 ORDER BY id DESC LIMIT $2`,
		string(id), limit)
}
