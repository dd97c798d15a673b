package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"github.com/dure-commerce/dure/internal/kit/fail"
)

// dialect is all that differs between the engines.
type dialect struct {
	cast func(position, columnType string) string
	// claim ends a SELECT that picks rows to work on, so that two nodes pick different ones.
	claim string
	// now reads the server's clock in microseconds; "" where there is no server.
	now string
}

var dialectSQLite = dialect{
	cast: func(position, columnType string) string {
		switch columnType {
		case "bytea": // a cast to a type SQLite does not know would turn bytes into a number
			return position
		case "bigint", "boolean":
			return "CAST(" + position + " AS INTEGER)"
		}
		return "CAST(" + position + " AS TEXT)"
	},
}

var dialectPostgres = dialect{
	cast:  func(position, columnType string) string { return "CAST(" + position + " AS " + columnType + ")" },
	claim: " FOR UPDATE SKIP LOCKED",
	now:   "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS bigint)",
}

// Claim is the engine's ending for a SELECT of rows to claim; nothing on SQLite, which has one writer.
func (d *DB) Claim() string { return d.dialect.claim }

// Claim is the ending for the transaction's engine.
func (tx *Tx) Claim() string { return tx.db.dialect.claim }

// ErrNoRow is the answer of One when nothing matches.
var ErrNoRow = fail.New(fail.NotFound, "db.no_row")

// ErrBusy is a database that cannot take the write now: full disk, no connection, too many conflicts.
var ErrBusy = fail.New(fail.Unavailable, "db.busy")

// SQLite's result codes that the rules need to tell apart (sqlite3.h).
const (
	liteBusy       = 5
	liteLocked     = 6
	liteFull       = 13
	liteCheck      = 275
	liteForeignKey = 787
	litePrimaryKey = 1555
	liteUnique     = 2067
)

func code(err error) (lite int, pg string) {
	var se *sqlite.Error
	if errors.As(err, &se) {
		return se.Code(), ""
	}
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		return 0, pe.Code
	}
	return 0, ""
}

// IsUnique reports a violated primary key or unique index.
func IsUnique(err error) bool {
	lite, pg := code(err)
	return lite == liteUnique || lite == litePrimaryKey || pg == "23505"
}

// IsForeignKey reports a row that points nowhere.
func IsForeignKey(err error) bool {
	lite, pg := code(err)
	return lite == liteForeignKey || pg == "23503"
}

// IsCheck reports a violated CHECK constraint.
func IsCheck(err error) bool {
	lite, pg := code(err)
	return lite == liteCheck || pg == "23514"
}

// isRetryable reports that the same transaction may succeed when run again.
func isRetryable(err error) bool {
	lite, pg := code(err)
	return lite&0xff == liteBusy || lite&0xff == liteLocked || pg == "40001" || pg == "40P01"
}

// isUnavailable reports a database that cannot work at all just now.
func isUnavailable(err error) bool {
	lite, pg := code(err)
	if lite&0xff == liteFull {
		return true
	}
	for _, class := range []string{"53", "57P", "08", "25P03"} { // out of resources, shutting down, connection, cut off
		if strings.HasPrefix(pg, class) {
			return true
		}
	}
	return isBroken(err)
}

// isBroken reports a connection that ended or was never made: what was asked on it may have been done or not.
func isBroken(err error) bool {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false // whoever asked does not wait any more
	}
	if _, decided := fail.As(err); decided {
		return false // somebody has said already what it means
	}
	var connect *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &connect) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
