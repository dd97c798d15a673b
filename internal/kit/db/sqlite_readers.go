package db

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db/lite"
)

// statementsMax is how many statements one reader keeps prepared; the number of texts is bounded by the code, and what
// goes beyond it is prepared each time.
const statementsMax = 600

// liteReader is one connection that reads a SQLite file, with its statements prepared: preparing takes longer than most
// reads.
type liteReader struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
	since time.Time // idle since
	ill   bool      // a statement failed: not to be used again
}

// liteReaders lends readers out, the one used last first, and lets go of those that a burst has called up.
type liteReaders struct {
	pool *sql.DB
	room chan struct{} // one for each reader that may be out

	mu     sync.Mutex
	idle   []*liteReader
	sweep  *time.Timer
	closed bool
}

func newLiteReaders(pool *sql.DB, most int) *liteReaders {
	p := &liteReaders{pool: pool, room: make(chan struct{}, most)}
	for range most {
		p.room <- struct{}{}
	}
	return p
}

// take lends a reader; while all are out it waits, or until ctx ends.
func (p *liteReaders) take(ctx context.Context) (*liteReader, error) {
	select {
	case <-p.room:
	default:
		select {
		case <-p.room:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	p.mu.Lock()
	closed := p.closed
	var r *liteReader
	if n := len(p.idle); n > 0 && !closed {
		r, p.idle = p.idle[n-1], p.idle[:n-1]
	}
	p.mu.Unlock()
	if r != nil {
		return r, nil
	}
	if closed {
		p.room <- struct{}{}
		return nil, ErrClosed
	}
	conn, err := p.pool.Conn(context.WithoutCancel(ctx))
	if err != nil {
		p.room <- struct{}{}
		return nil, err
	}
	return &liteReader{conn: conn, stmts: map[string]*sql.Stmt{}}, nil
}

// give takes a reader back.
func (p *liteReaders) give(r *liteReader) {
	r.since = clock.System().Now()
	p.mu.Lock()
	keep := !p.closed && !r.ill
	if keep {
		p.idle = append(p.idle, r)
		if p.sweep == nil {
			p.sweep = time.AfterFunc(readerIdle, p.tidy)
		}
	}
	p.mu.Unlock()
	if !keep {
		_ = r.close()
	}
	p.room <- struct{}{}
}

// tidy closes readers that were idle for long; the one used last stays.
func (p *liteReaders) tidy() {
	before := clock.System().Now().Add(-readerIdle)
	p.mu.Lock()
	old := 0
	for old < len(p.idle)-1 && p.idle[old].since.Before(before) {
		old++
	}
	gone := append([]*liteReader(nil), p.idle[:old]...)
	p.idle = append([]*liteReader(nil), p.idle[old:]...)
	p.sweep = nil
	if len(p.idle) > 1 && !p.closed {
		p.sweep = time.AfterFunc(readerIdle, p.tidy)
	}
	p.mu.Unlock()
	for _, r := range gone {
		_ = r.close()
	}
}

// close closes the idle readers; one that is out is closed when it comes back.
func (p *liteReaders) close() error {
	p.mu.Lock()
	p.closed = true
	idle := p.idle
	p.idle = nil
	if p.sweep != nil {
		p.sweep.Stop()
	}
	p.mu.Unlock()
	var err error
	for _, r := range idle {
		err = errors.Join(err, r.close())
	}
	return err
}

// query runs a statement, prepared unless there are too many.
func (r *liteReader) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	s, ok := r.stmts[text]
	if !ok && len(r.stmts) < statementsMax {
		var err error
		if s, err = r.conn.PrepareContext(context.WithoutCancel(ctx), lite.Anonymous(text)); err != nil {
			lite, _ := code(err)
			r.ill = r.ill || lite == 0
			return nil, err
		}
		r.stmts[text] = s
	}
	var rows *sql.Rows
	var err error
	if s == nil {
		rows, err = r.conn.QueryContext(ctx, text, args...)
	} else {
		rows, err = s.QueryContext(ctx, args...)
	}
	// What SQLite refuses, and a caller who left, say nothing of the connection.
	if lite, _ := code(err); err != nil && lite == 0 && ctx.Err() == nil {
		r.ill = true
	}
	return rows, err
}

func (r *liteReader) close() error {
	for _, s := range r.stmts {
		_ = s.Close()
	}
	return r.conn.Close()
}

// view runs fn inside one consistent view.
func (r *liteReader) view(ctx context.Context, fn func() error) error {
	if err := r.say(ctx, "BEGIN"); err != nil {
		return err
	}
	defer func() {
		if err := r.say(ctx, "ROLLBACK"); err != nil { // a view has nothing to commit
			r.ill = true
		}
	}()
	return fn()
}

func (r *liteReader) say(ctx context.Context, text string) error {
	rows, err := r.query(context.WithoutCancel(ctx), text, nil)
	if err != nil {
		return err
	}
	return rows.Close()
}

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
