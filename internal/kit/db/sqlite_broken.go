package db

import (
	"errors"

	"github.com/dure-commerce/dure/internal/kit/db/lite"
	"github.com/dure-commerce/dure/internal/kit/fail"
)

// Errors of a file that cannot be trusted.
var (
	// ErrBroken is a disk that failed while it read, wrote or flushed. What it holds now nobody knows: this process
	// must not go on, and the next one reads it anew.
	ErrBroken = fail.New(fail.Unavailable, "db.broken")
	// ErrDamaged is a file whose bytes are not what was written; Args: Path. A backup is to be restored.
	ErrDamaged = fail.New(fail.Unavailable, "db.damaged")
)

// SQLite's result codes of files that fail (sqlite3.h).
const (
	liteInput   = 10 // SQLITE_IOERR and its kin
	liteCorrupt = 11
	liteNoFile  = 26 // SQLITE_NOTADB
)

// Broken is closed when the disk under a SQLite file has failed. Nothing is written after that, nothing is
// acknowledged, and whoever serves ends the process: a flush that failed is not tried again, because the system may
// have forgotten what it was to flush.
func (d *DB) Broken() <-chan struct{} { return d.broken }

// Fault tells why the database is broken, nil while it is not.
func (d *DB) Fault() error {
	if cause := d.fault.Load(); cause != nil {
		return *cause
	}
	return nil
}

// checkLog refuses a log that has changed since it was written.
func (d *DB) checkLog(path string) error {
	err := lite.CheckLog(path)
	if errors.Is(err, lite.ErrChanged) {
		return ErrDamaged.With("Path", path+"-wal").Wrap(err)
	}
	return err
}

// seen passes an error on, and stops the database when it tells of a failing disk or a damaged file.
func (d *DB) seen(err error) error {
	if err == nil || d.engine != SQLite {
		return err
	}
	lite, _ := code(err)
	var cause error = ErrBroken.Wrap(err)
	switch lite & 0xff {
	case liteInput:
	case liteCorrupt, liteNoFile:
		cause = ErrDamaged.With("Path", d.Path()).Wrap(err)
	default:
		return err
	}
	if d.fault.CompareAndSwap(nil, &cause) {
		d.opts.Log.Error("the database cannot be trusted any more", "error", cause)
		close(d.broken)
	}
	return cause
}
