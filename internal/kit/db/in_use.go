package db

import "github.com/dure-commerce/dure/internal/kit/db/lite"

// InUse tells whether a process has this SQLite database open for writing; on PostgreSQL nobody can tell, and it
// answers yes.
func (d *DB) InUse() bool {
	return d.engine != SQLite || d.lock != nil || lite.Held(d.Path()+".lock")
}
