package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
)

// ErrNoSnapshot is a database that cannot be copied into a file by us: a server has tools of its own.
var ErrNoSnapshot = errors.New("db: only a SQLite database can be copied into a file")

// Snapshot writes one consistent state of a SQLite database into a new file, beside readers and a writer of any
// process. The file is a whole database without a log. Meanwhile the log of the original cannot be folded, and grows.
func (d *DB) Snapshot(ctx context.Context, path string) (err error) {
	if d.engine != SQLite {
		return ErrNoSnapshot
	}
	q := url.Values{"mode": {"ro"}}
	q.Add("_pragma", fmt.Sprintf("busy_timeout(%d)", busyMillis))
	q.Add("_pragma", "temp_store(memory)")
	// A connection of its own: those for reading refuse to write even a file that is not theirs.
	pool, err := sql.Open("sqlite", "file:"+(&url.URL{Path: d.Path()}).EscapedPath()+"?"+q.Encode())
	if err != nil {
		return fmt.Errorf("snapshot: %w", err)
	}
	defer func() { err = errors.Join(err, pool.Close()) }()
	pool.SetMaxOpenConns(1)
	if _, err := pool.ExecContext(ctx, "VACUUM INTO ?", path); err != nil {
		return fmt.Errorf("snapshot: %w", err)
	}
	return os.Chmod(path, 0o600)
}
