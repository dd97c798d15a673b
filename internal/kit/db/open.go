package db

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db/lite"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/id"

	"github.com/dure-commerce/dure/internal/kit/db/pulse"
)

// Engine names the database behind a DB.
type Engine string

// The two engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Errors of opening.
var (
	ErrURL    = fail.New(fail.Invalid, "db.url")
	ErrLocked = fail.New(fail.Unavailable, "db.locked")
	ErrClosed = fail.New(fail.Unavailable, "db.closed")
)

// Options say which database to open and where time and ids come from.
type Options struct {
	URL      string // "sqlite:PATH" or "postgres://…"
	Clock    clock.Clock
	IDs      id.Source
	Log      *slog.Logger
	ReadOnly bool // no writer, no lock: doctor, verify and backup beside a running server
	Readers  int  // reader connections, 0 for a default
	Writers  int  // PostgreSQL only: connections for write transactions, 0 for a default
	// Pulse, on PostgreSQL, notices within two seconds that the database does not answer, ends everything that waits for
	// it, and refuses until it answers again. Servers want it; tools that wait for long statements need not.
	Pulse bool
	// Relaxed switches synchronous off on SQLite: for tests and for building worlds that can be built again.
	Relaxed bool
	// Alone, on SQLite, keeps one connection for reading and writing and turns every write transaction into a part of
	// a large one that Close commits: for building worlds that can be built again, in one goroutine at a time. The
	// file holds nothing before, and reads inside a write transaction see what it has written so far.
	Alone bool
	// Trace sees every statement text before it runs; tests use it to prove that each text ran on both engines.
	Trace func(Engine, string)
}

// DB is an open database.
type DB struct {
	watching watching

	opts    Options
	engine  Engine
	dialect dialect
	readers *sql.DB
	writers *sql.DB // PostgreSQL
	lite    *liteWriter
	lock    *lite.Lock
	pulse   *pulse.Pulse // PostgreSQL, when asked for
	// liteReaders are the connections of readers on SQLite.
	liteReaders *lite.Readers
	texts       sync.Map // built multi-row texts

	mu       sync.RWMutex
	onCommit []func(Committed)
	closed   atomic.Bool
	refusal  atomic.Pointer[error]
	broken   chan struct{} // closed when fault is set
	fault    atomic.Pointer[error]
}

// Committed tells what a finished write transaction left behind: a hint to look, never the truth itself.
type Committed struct {
	Events  int
	Jobs    int
	Touched map[string]int64 // live topic → version
}

// Open connects and checks the connection.
func Open(ctx context.Context, opts Options) (*DB, error) {
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.Clock == nil {
		opts.Clock = clock.System()
	}
	if opts.IDs == nil {
		opts.IDs = id.System(opts.Clock)
	}
	d := &DB{broken: make(chan struct{}), opts: opts}
	switch {
	case strings.HasPrefix(opts.URL, "sqlite:"):
		d.engine, d.dialect = SQLite, dialectSQLite
		return d, d.openSQLite(ctx, strings.TrimPrefix(opts.URL, "sqlite:"))
	case strings.HasPrefix(opts.URL, "postgres://"), strings.HasPrefix(opts.URL, "postgresql://"):
		d.engine, d.dialect = Postgres, dialectPostgres
		return d, d.openPostgres(ctx)
	}
	return nil, ErrURL.With("URL", redact(opts.URL))
}

// redact cuts what may hold a password.
func redact(url string) string {
	if at := strings.LastIndex(url, "@"); at >= 0 {
		if scheme := strings.Index(url, "://"); scheme >= 0 {
			return url[:scheme+3] + "…" + url[at:]
		}
	}
	return url
}

// Engine tells which engine is behind.
func (d *DB) Engine() Engine { return d.engine }

// Clock is the clock that transactions read.
func (d *DB) Clock() clock.Clock { return d.opts.Clock }

// IDs is the source of ids that transactions use.
func (d *DB) IDs() id.Source { return d.opts.IDs }

// Log is the logger given at opening.
func (d *DB) Log() *slog.Logger { return d.opts.Log }

// Path is the file of a SQLite database, "" otherwise.
func (d *DB) Path() string {
	if d.engine != SQLite {
		return ""
	}
	return strings.TrimPrefix(d.opts.URL, "sqlite:")
}

// OnCommit registers a function called after each successful commit, in the committing goroutine: keep it short.
func (d *DB) OnCommit(fn func(Committed)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.onCommit = append(d.onCommit, fn)
}

// Close ends all connections and releases the lock.
func (d *DB) Close() error {
	if d.closed.Swap(true) {
		return nil
	}
	var first error
	keep := func(err error) {
		if err != nil && first == nil {
			first = err
		}
	}
	if d.pulse != nil {
		d.pulse.Stop()
	}
	if d.liteReaders != nil {
		keep(d.liteReaders.Close())
	}
	if d.readers != nil {
		keep(d.readers.Close())
	}
	// The writer goes last: the last connection to a SQLite file folds its log into it, and a reader may not.
	// On a broken disk it is left to the end of the process: folding would flush, and what is flushed now may be wrong.
	if d.lite != nil && d.Fault() == nil {
		keep(d.lite.close())
	}
	if d.writers != nil && d.writers != d.readers {
		keep(d.writers.Close())
	}
	if d.lock != nil {
		keep(d.lock.Release())
	}
	if first != nil {
		return fmt.Errorf("close: %w", first)
	}
	return nil
}
