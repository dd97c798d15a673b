package db

import (
	"errors"
	"os"
	"syscall"
)

// InUse tells whether a process has this SQLite database open for writing; on PostgreSQL nobody can tell, and it
// answers yes.
func (d *DB) InUse() bool {
	if d.engine != SQLite || d.lock != nil {
		return true
	}
	f, err := os.Open(d.Path() + ".lock")
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }() // which gives the lock back
	return errors.Is(syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB), syscall.EWOULDBLOCK)
}
