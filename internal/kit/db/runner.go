package db

import (
	"context"
	"database/sql"

	"github.com/dure-commerce/dure/internal/kit/db/lite"
	"github.com/dure-commerce/dure/internal/kit/db/pulse"
)

// querier reads on one connection.
type querier interface {
	query(ctx context.Context, text string, args []any) (*sql.Rows, error)
}

// runner is an open transaction of either engine.
type runner interface {
	querier
	exec(ctx context.Context, text string, args []any) (int64, error)
	many(ctx context.Context, text *lite.Text, args []any) (int64, error)
	keys(ctx context.Context, text *lite.Text, args []any) ([]string, error)
	commit(ctx context.Context) error
	rollback()
	release()
}

func (d *DB) begin(ctx context.Context) (runner, error) {
	if d.closed.Load() {
		return nil, ErrClosed
	}
	if d.engine == Postgres {
		if d.isAway() {
			return nil, ErrBusy.Wrap(pulse.ErrAway)
		}
		tx, err := d.writers.BeginTx(ctx, nil)
		if err != nil {
			return nil, err
		}
		return &sqlRunner{db: d, tx: tx}, nil
	}
	w := d.lite
	w.mu.Lock()
	if d.Fault() != nil {
		w.mu.Unlock()
		return nil, ErrBroken
	}
	if err := w.begin(ctx); err != nil {
		w.mu.Unlock()
		return nil, err
	}
	return &liteRunner{db: d, w: w}, nil
}

func (w *liteWriter) begin(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err := w.lite.Exec(context.WithoutCancel(ctx), w.words.begin, nil)
	return err
}

// liteRunner is the open transaction on SQLite's one writer connection, whose mutex it holds until release.
type liteRunner struct {
	db   *DB
	w    *liteWriter
	done bool
}

func (r *liteRunner) exec(ctx context.Context, text string, args []any) (int64, error) {
	return r.w.lite.Exec(ctx, text, args)
}

func (r *liteRunner) many(ctx context.Context, text *lite.Text, args []any) (int64, error) {
	return r.w.lite.Many(ctx, text, args)
}

func (r *liteRunner) keys(ctx context.Context, text *lite.Text, args []any) ([]string, error) {
	return r.w.lite.Keys(ctx, text, args)
}

func (r *liteRunner) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	s, err := r.w.prepare(ctx, text)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}

func (r *liteRunner) commit(ctx context.Context) error {
	// A commit that has begun is not cut short: half a flush answers nothing.
	_, err := r.exec(context.WithoutCancel(ctx), r.w.words.commit, nil)
	return err
}

func (r *liteRunner) rollback() {
	if r.done {
		return
	}
	// An error here means that SQLite rolled back by itself (disk full, I/O error): the state is the wanted one.
	for _, text := range r.w.words.rollback {
		_, _ = r.exec(context.Background(), text, nil)
	}
	r.release()
}

func (r *liteRunner) release() {
	if !r.done {
		r.done = true
		r.w.mu.Unlock()
	}
}

// sqlRunner is a database/sql transaction on PostgreSQL, which prepares statements by itself.
type sqlRunner struct {
	db *DB
	tx *sql.Tx
}

func (r *sqlRunner) exec(ctx context.Context, text string, args []any) (int64, error) {
	res, err := r.tx.ExecContext(ctx, text, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (r *sqlRunner) many(ctx context.Context, text *lite.Text, args []any) (int64, error) {
	return r.exec(ctx, text.Whole, args)
}

func (r *sqlRunner) keys(ctx context.Context, text *lite.Text, args []any) ([]string, error) {
	return all(ctx, &ReadTx{db: r.db, run: r}, Scalar[string], text.Whole, args)
}

func (r *sqlRunner) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	return r.tx.QueryContext(ctx, text, args...)
}

func (r *sqlRunner) commit(context.Context) error { return r.tx.Commit() }
func (r *sqlRunner) rollback()                    { _ = r.tx.Rollback() }
func (r *sqlRunner) release()                     {}

// lent is a reader of a SQLite file as a querier.
type lent struct{ *lite.Reader }

func (l lent) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	return l.Query(ctx, text, args)
}
