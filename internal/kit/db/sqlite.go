package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"sync"

	_ "modernc.org/sqlite" // registers the driver "sqlite"

	"github.com/dure-commerce/dure/internal/kit/db/lite"
)

const (
	// A checkpoint by the writer itself, and a large one: 20,000 pages are 80 MB of log.
	checkpointPages = 20_000
	busyMillis      = 5_000
	// Caches are each connection's own and outside of Go's memory; the system keeps the file's pages anyway.
	writerCacheKB = 16_000
	readerCacheKB = 8_000
)

// liteWriter is the one connection that writes a SQLite file.
type liteWriter struct {
	mu    sync.Mutex
	pool  *sql.DB
	conn  *sql.Conn
	stmts map[string]*sql.Stmt // that read
	lite  *lite.Straight       // for those that write
	words words
}

func sqliteDSN(path string, readOnly bool, o Options) string {
	q := url.Values{}
	q.Add("_pragma", fmt.Sprintf("busy_timeout(%d)", busyMillis))
	q.Add("_pragma", "foreign_keys(1)")
	q.Add("_pragma", "temp_store(memory)")
	switch {
	case readOnly:
		q.Add("_pragma", fmt.Sprintf("cache_size(-%d)", readerCacheKB))
		q.Add("_pragma", "query_only(1)")
		q.Add("mode", "ro")
	case o.Alone:
		q.Add("_pragma", fmt.Sprintf("cache_size(-%d)", aloneCacheKB))
		q.Add("_pragma", "journal_mode(memory)")
		q.Add("_pragma", "synchronous(off)")
	default:
		q.Add("_pragma", fmt.Sprintf("cache_size(-%d)", writerCacheKB))
		q.Add("_pragma", "journal_mode(wal)")
		q.Add("_pragma", fmt.Sprintf("wal_autocheckpoint(%d)", checkpointPages))
		if o.Relaxed {
			q.Add("_pragma", "synchronous(off)")
		} else {
			q.Add("_pragma", "synchronous(full)")
		}
		q.Set("_txlock", "immediate")
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

func (d *DB) openSQLite(ctx context.Context, path string) error {
	if path == "" {
		return ErrURL.With("URL", d.opts.URL)
	}
	if !d.opts.ReadOnly {
		lock, holder, err := lite.LockFile(path + ".lock")
		if err != nil {
			return ErrLocked.With("Path", path+".lock", "Holder", holder).Wrap(err)
		}
		d.lock = lock
		if err := d.checkLog(path); err != nil {
			return errors.Join(err, d.Close())
		}
		if err := touch(path); err != nil {
			return errors.Join(err, d.Close())
		}
		pool, err := sql.Open("sqlite", sqliteDSN(path, false, d.opts))
		if err != nil {
			return errors.Join(fmt.Errorf("open %s: %w", path, err), lock.Release())
		}
		pool.SetMaxOpenConns(1)
		d.lite = &liteWriter{pool: pool, words: wordsOf(d.opts)}
		if err := d.lite.connect(ctx); err != nil {
			return errors.Join(d.seen(fmt.Errorf("open %s: %w", path, err)), d.Close())
		}
	} else if _, err := os.Stat(path); err != nil {
		return ErrURL.With("URL", d.opts.URL).Wrap(err)
	}
	if d.opts.Alone {
		return nil
	}
	return d.openReaders(ctx, path)
}

func (d *DB) openReaders(ctx context.Context, path string) error {
	readers, err := sql.Open("sqlite", sqliteDSN(path, true, d.opts))
	if err != nil {
		return errors.Join(fmt.Errorf("open readers: %w", err), d.Close())
	}
	n := d.opts.Readers
	if n == 0 {
		n = max(4, 2*runtime.NumCPU())
	}
	readers.SetMaxOpenConns(n + 1) // and one for whoever wants to look without a statement of ours
	d.readers = readers
	d.liteReaders = lite.NewReaders(readers, lite.Options{Most: n, Closed: ErrClosed, Refused: refused})
	if err := readers.PingContext(ctx); err != nil {
		return errors.Join(fmt.Errorf("open readers: %w", err), d.Close())
	}
	return nil
}

// touch makes a new database readable by its owner alone; the log files take their rights from it.
func touch(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("database file: %w", err)
	}
	return f.Close()
}

func (w *liteWriter) connect(ctx context.Context) error {
	conn, err := w.pool.Conn(ctx)
	if err != nil {
		return err
	}
	w.conn, w.stmts, w.lite = conn, map[string]*sql.Stmt{}, lite.NewStraight(conn)
	if w.words.open != "" {
		_, err = conn.ExecContext(ctx, w.words.open)
		return err
	}
	return conn.PingContext(ctx)
}

// part gives the connection back to the pool.
func (w *liteWriter) part() (err error) {
	for _, s := range w.stmts {
		_ = s.Close()
	}
	w.stmts = nil
	if w.conn == nil {
		return nil
	}
	w.lite.Close()
	if w.words.close != "" {
		_, err = w.conn.ExecContext(context.Background(), w.words.close)
	}
	err = errors.Join(err, w.conn.Close())
	w.conn = nil
	return err
}

// prepare keeps a statement per text on the writer's connection; the number of texts is bounded by the code.
func (w *liteWriter) prepare(ctx context.Context, text string) (*sql.Stmt, error) {
	if s, ok := w.stmts[text]; ok {
		return s, nil
	}
	s, err := w.conn.PrepareContext(ctx, lite.Rewritten(text))
	if err != nil {
		return nil, err
	}
	w.stmts[text] = s
	return s, nil
}

func (w *liteWriter) close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return errors.Join(w.part(), w.pool.Close())
}

// refused tells what SQLite itself answers from a connection that has failed.
func refused(err error) bool {
	lite, _ := code(err)
	return lite != 0
}
