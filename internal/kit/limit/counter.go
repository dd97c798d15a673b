package limit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// Rule allows Max events in a window that opens with a key's first event and lasts Per. Name is the rule's own; two
// rules of one name share their counts.
type Rule struct {
	Name string
	Max  int64
	Per  time.Duration
}

// Counter counts in the database.
type Counter struct {
	database *db.DB
}

// NewCounter gives the counters of a database.
func NewCounter(database *db.DB) *Counter { return &Counter{database} }

// sweepRows is how many dead rows one sweep takes, so that it holds the writer but shortly.
const sweepRows = 500

// Take counts one event in a transaction of its own, or answers ErrTooMany with the seconds to wait. Attempts are
// counted this way, before it is known whether they succeed: a failed attempt rolls its own transaction back.
func (c *Counter) Take(ctx context.Context, rule Rule, key string) error {
	return c.database.Write(ctx, func(tx *db.Tx) error { return TakeIn(ctx, tx, rule, key) })
}

// TakeIn counts one event in the caller's transaction; if that is rolled back, so is the count.
func TakeIn(ctx context.Context, tx *db.Tx, rule Rule, key string) error {
	now, hashed := tx.Now(), hash(key)
	if rule.Max <= 0 {
		return ErrTooMany.With("Seconds", seconds(rule.Per))
	}
	// The guard lets an open window's count rise to the maximum and a passed one start anew; zero rows is the refusal.
	changed, err := db.Exec(ctx, tx, `INSERT INTO kit_limit (rule, key, ends_at, used) VALUES ($1, $2, $3, 1)
		ON CONFLICT (rule, key) DO UPDATE SET
			used = CASE WHEN kit_limit.ends_at <= $4 THEN 1 ELSE kit_limit.used + 1 END,
			ends_at = CASE WHEN kit_limit.ends_at <= $4 THEN excluded.ends_at ELSE kit_limit.ends_at END
		WHERE kit_limit.ends_at <= $4 OR kit_limit.used < $5`,
		rule.Name, hashed, db.Micros(now.Add(rule.Per)), db.Micros(now), rule.Max)
	if err != nil || changed == 1 {
		return err
	}
	end, err := db.One(ctx, tx, db.Scalar[int64], `SELECT ends_at FROM kit_limit WHERE rule = $1 AND key = $2`,
		rule.Name, hashed)
	if err != nil {
		return err
	}
	return ErrTooMany.With("Seconds", seconds(db.FromMicros(end).Sub(now)))
}

// Forget clears a key's count, as after a sign-in that succeeded.
func Forget(ctx context.Context, tx *db.Tx, rule Rule, key string) error {
	_, err := db.Exec(ctx, tx, `DELETE FROM kit_limit WHERE rule = $1 AND key = $2`, rule.Name, hash(key))
	return err
}

// Sweep deletes some windows that have passed and tells whether there may be more.
func (c *Counter) Sweep(ctx context.Context) (more bool, err error) {
	_, err = db.One(ctx, c.database, db.Scalar[string], `SELECT rule FROM kit_limit WHERE ends_at <= $1 LIMIT 1`,
		db.Micros(c.database.Clock().Now()))
	if db.IsNoRow(err) {
		return false, nil // an idle site never takes the writer
	}
	if err != nil {
		return false, err
	}
	err = c.database.Write(ctx, func(tx *db.Tx) error {
		deleted, err := db.Exec(ctx, tx, `DELETE FROM kit_limit WHERE ends_at <= $1 AND (rule, key) IN (
			SELECT rule, key FROM kit_limit WHERE ends_at <= $1 ORDER BY ends_at LIMIT $2)`, db.Micros(tx.Now()), sweepRows)
		more = deleted == sweepRows
		return err
	})
	return more, err
}

// hash keeps addresses out of the table; it is no secret, only no plain text.
func hash(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:16])
}
