package lite

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
)

// statementsMax is how many statements one reader keeps prepared; the number of texts is bounded by the code, and what
// goes beyond it is prepared each time.
const statementsMax = 600

// readerIdle is after how long a reader that a burst has called up gives its cache back.
const readerIdle = time.Minute

// Reader is one connection that reads a SQLite file, with its statements prepared: preparing takes longer than most
// reads.
type Reader struct {
	refused func(error) bool

	conn  *sql.Conn
	stmts map[string]*sql.Stmt
	since time.Time // idle since
	ill   bool      // a statement failed: not to be used again
}

// Options say what readers know of the database around them.
type Options struct {
	Most    int                  // connections at once
	Closed  error                // answered once they are closed
	Refused func(err error) bool // tells what the engine refuses from a connection that has failed
}

// Readers lends readers out, the one used last first, and lets go of those that a burst has called up.
type Readers struct {
	Options

	pool *sql.DB
	room chan struct{} // one for each reader that may be out

	mu     sync.Mutex
	idle   []*Reader
	sweep  *time.Timer
	closed bool
}

// NewReaders lends connections of a pool.
func NewReaders(pool *sql.DB, o Options) *Readers {
	p := &Readers{Options: o, pool: pool, room: make(chan struct{}, o.Most)}
	for range o.Most {
		p.room <- struct{}{}
	}
	return p
}

// Take lends a reader; while all are out it waits, or until ctx ends.
func (p *Readers) Take(ctx context.Context) (*Reader, error) {
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
	var r *Reader
	if n := len(p.idle); n > 0 && !closed {
		r, p.idle = p.idle[n-1], p.idle[:n-1]
	}
	p.mu.Unlock()
	if r != nil {
		return r, nil
	}
	if closed {
		p.room <- struct{}{}
		return nil, p.Closed
	}
	conn, err := p.pool.Conn(context.WithoutCancel(ctx))
	if err != nil {
		p.room <- struct{}{}
		return nil, err
	}
	return &Reader{refused: p.Refused, conn: conn, stmts: map[string]*sql.Stmt{}}, nil
}

// Give takes a reader back.
func (p *Readers) Give(r *Reader) {
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
func (p *Readers) tidy() {
	before := clock.System().Now().Add(-readerIdle)
	p.mu.Lock()
	old := 0
	for old < len(p.idle)-1 && p.idle[old].since.Before(before) {
		old++
	}
	gone := append([]*Reader(nil), p.idle[:old]...)
	p.idle = append([]*Reader(nil), p.idle[old:]...)
	p.sweep = nil
	if len(p.idle) > 1 && !p.closed {
		p.sweep = time.AfterFunc(readerIdle, p.tidy)
	}
	p.mu.Unlock()
	for _, r := range gone {
		_ = r.close()
	}
}

// Close closes the idle readers; one that is out is closed when it comes back.
func (p *Readers) Close() error {
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

// Query runs a statement, prepared unless there are too many.
func (r *Reader) Query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	s, ok := r.stmts[text]
	if !ok && len(r.stmts) < statementsMax {
		var err error
		if s, err = r.conn.PrepareContext(context.WithoutCancel(ctx), Rewritten(text)); err != nil {
			r.ill = r.ill || !r.refused(err)
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
	if err != nil && !r.refused(err) && ctx.Err() == nil {
		r.ill = true
	}
	return rows, err
}

func (r *Reader) close() error {
	for _, s := range r.stmts {
		_ = s.Close()
	}
	return r.conn.Close()
}

// View runs fn inside one consistent view.
func (r *Reader) View(ctx context.Context, fn func() error) error {
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

func (r *Reader) say(ctx context.Context, text string) error {
	rows, err := r.Query(context.WithoutCancel(ctx), text, nil)
	if err != nil {
		return err
	}
	return rows.Close()
}
