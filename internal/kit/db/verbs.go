package db

import (
	"context"
	"database/sql"
	"errors"

	"github.com/dure-commerce/dure/internal/kit/db/pulse"
)

// Row is what a scan function reads.
type Row interface {
	Scan(dest ...any) error
}

// Querier answers reads: a DB (any reader connection), a ReadTx or a Tx.
type Querier interface {
	rows(ctx context.Context, text string, args []any) (*reading, error)
	on() *DB
}

func (d *DB) on() *DB     { return d }
func (tx *Tx) on() *DB    { return tx.db }
func (r *ReadTx) on() *DB { return r.db }

func (d *DB) rows(ctx context.Context, text string, args []any) (*reading, error) {
	if d.engine == Postgres {
		if d.isAway() {
			return nil, ErrBusy.Wrap(pulse.ErrAway)
		}
		rows, err := d.readers.QueryContext(ctx, text, args...)
		return &reading{Rows: rows}, d.unavailable(err)
	}
	if d.opts.Alone {
		rows, err := d.alone().query(ctx, text, args)
		return &reading{Rows: rows}, err
	}
	reader, err := d.liteReaders.Take(ctx)
	if err != nil {
		return nil, d.unavailable(err)
	}
	rows, err := reader.Query(ctx, text, args)
	if err != nil {
		d.liteReaders.Give(reader)
		return nil, d.unavailable(d.seen(err))
	}
	return &reading{Rows: rows, done: func() { d.liteReaders.Give(reader) }}, nil
}

func (tx *Tx) rows(ctx context.Context, text string, args []any) (*reading, error) {
	tx.note(text)
	rows, err := tx.run.query(ctx, text, args)
	return &reading{Rows: rows}, err
}

func (r *ReadTx) rows(ctx context.Context, text string, args []any) (*reading, error) {
	rows, err := r.run.query(ctx, text, args)
	return &reading{Rows: rows}, err
}

// look tells who traces of a statement before it runs, and refuses parameters that not every engine keeps.
func (d *DB) look(text string, args []any) error {
	if d.opts.Trace != nil {
		d.opts.Trace(d.engine, text)
	}
	return checkTexts(args)
}

// One reads exactly one row; none is ErrNoRow, further ones are not looked at.
func One[T any](ctx context.Context, q Querier, scan func(Row) (T, error), text string, args ...any) (T, error) {
	var zero T
	if err := q.on().look(text, args); err != nil {
		return zero, err
	}
	rows, err := q.rows(ctx, text, args)
	if err != nil {
		return zero, err
	}
	defer func() { _ = rows.Close() }()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return zero, q.on().unavailable(q.on().seen(err))
		}
		return zero, ErrNoRow
	}
	value, err := scan(rows)
	if err != nil {
		return zero, err
	}
	return value, rows.Close()
}

// All reads every row in the statement's order.
func All[T any](ctx context.Context, q Querier, scan func(Row) (T, error), text string, args ...any) ([]T, error) {
	if err := q.on().look(text, args); err != nil {
		return nil, err
	}
	return all(ctx, q, scan, text, args)
}

func all[T any](ctx context.Context, q Querier, scan func(Row) (T, error), text string, args []any) ([]T, error) {
	rows, err := q.rows(ctx, text, args)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var out []T
	for rows.Next() {
		value, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, value)
	}
	return out, q.on().unavailable(q.on().seen(rows.Err()))
}

// Exec changes rows and gives their number: zero is an answer, never to be ignored where a guard stands.
func Exec(ctx context.Context, tx *Tx, text string, args ...any) (int64, error) {
	if err := tx.db.look(text, args); err != nil {
		return 0, err
	}
	tx.note(text)
	return tx.run.exec(ctx, text, args)
}

// Scalar scans a single column.
func Scalar[T any](r Row) (T, error) {
	var v T
	err := r.Scan(&v)
	return v, err
}

// IsNoRow reports that One found nothing.
func IsNoRow(err error) bool { return errors.Is(err, ErrNoRow) }

// reading is rows with what is to be done once they are read.
type reading struct {
	*sql.Rows
	done func()
}

// Close ends the reading; it may be called more than once.
func (r *reading) Close() error {
	err := r.Rows.Close()
	if r.done != nil {
		r.done()
		r.done = nil
	}
	return err
}
