package db

import (
	"context"
	"database/sql"
	"errors"
)

// Migrator lends the pool that may change the schema. On SQLite the writer steps aside while fn runs, and its
// prepared statements are made anew afterwards.
func (d *DB) Migrator(ctx context.Context, fn func(*sql.DB) error) (err error) {
	if d.opts.ReadOnly {
		return fn(d.readers)
	}
	if d.engine == Postgres {
		return fn(d.writers)
	}
	w := d.lite
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.part(); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.connect(ctx)) }()
	return fn(w.pool)
}
