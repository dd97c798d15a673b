package scrub

import (
	"context"
	"errors"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/fail"
)

// What kind of thing is damaged.
const (
	File  = "file"  // a page of SQLite's file, or a block of PostgreSQL's
	Table = "table" // rows that cannot be read
	Index = "index" // an index that does not fit its table
)

// Fault is one thing that is damaged.
type Fault struct {
	Kind   string
	Object string // the table, the index, or the file
	Said   string // the engine's own words
}

// Seen is what was looked at, and what is damaged.
type Seen struct {
	Objects int // pages of SQLite's file; tables and indexes of PostgreSQL
	Faults  []Fault
}

// most is how many faults SQLite names before it ends.
const most = "100"

// Look reads everything once. An error is a look that could not be finished for another reason than damage.
func Look(ctx context.Context, d *db.DB) (Seen, error) {
	if d.Engine() == db.SQLite {
		return lookSQLite(ctx, d)
	}
	return lookPostgres(ctx, d)
}

// SQLite's result codes of a file that is none of its own any more (sqlite3.h).
const (
	liteCorrupt = 11
	liteNoFile  = 26
)

// Opening says what a file that could not be opened needs: where the engine found it damaged, a backup.
func Opening(path string, err error) error {
	var said *sqlite.Error
	if errors.As(err, &said) && (said.Code()&0xff == liteCorrupt || said.Code()&0xff == liteNoFile) {
		return db.ErrDamaged.With("Path", path).Wrap(err)
	}
	return err
}

// Explain looks whether damage is behind an error of a SQLite file that its reason does not tell of: whoever fails to
// read a table may say that it is not there, or that it is there already.
func Explain(ctx context.Context, d *db.DB, err error) error {
	if _, told := fail.As(err); told || d.Engine() != db.SQLite {
		return err
	}
	seen, cut := Look(ctx, d)
	if cut != nil || len(seen.Faults) == 0 {
		return err
	}
	return db.ErrDamaged.With("Path", d.Path()).Wrap(err)
}

// lookSQLite asks SQLite to check its file: every page, every row's form, and every index against its table. It asks
// on a connection of its own: the full-text index remembers on each connection what it consists of, and its check
// takes what another connection has changed since for damage.
func lookSQLite(ctx context.Context, d *db.DB) (seen Seen, err error) {
	if !d.Alone() {
		d, err = db.Open(ctx, db.Options{URL: "sqlite:" + d.Path(), ReadOnly: true})
		if err != nil {
			return seen, err
		}
		defer func() { err = errors.Join(err, d.Close()) }()
	}
	pages, err := db.One(ctx, d, db.Scalar[int], `/* sqlite only */ PRAGMA page_count`)
	if err == nil {
		var said []string
		said, err = db.All(ctx, d, db.Scalar[string], `/* sqlite only */ PRAGMA integrity_check(`+most+`)`)
		for _, text := range said {
			if text != "ok" {
				seen.Faults = append(seen.Faults, Fault{File, d.Path(), text})
			}
		}
	}
	if errors.Is(err, db.ErrDamaged) { // so badly that the check itself ended
		seen.Faults, err = append(seen.Faults, Fault{File, d.Path(), cause(err)}), nil
	}
	seen.Objects = pages
	return seen, err
}

func cause(err error) string {
	if inner := errors.Unwrap(err); inner != nil {
		return inner.Error()
	}
	return err.Error()
}

// lookPostgres reads every row of every table, as a dump does, and checks the indexes where that can be asked for.
func lookPostgres(ctx context.Context, d *db.DB) (seen Seen, err error) {
	failed, err := db.One(ctx, d, db.Scalar[int64], `SELECT CAST(coalesce(max(checksum_failures), 0) AS bigint)
 FROM pg_stat_database WHERE datname = current_database()`)
	if err != nil {
		return seen, err
	}
	if failed > 0 {
		seen.Faults = append(seen.Faults, Fault{File, "pg_stat_database", "checksum_failures > 0"})
	}
	tables, err := db.All(ctx, d, db.Scalar[string], relations+`'r' ORDER BY c.relname`)
	if err != nil {
		return seen, err
	}
	for _, name := range tables {
		err := readTable(ctx, d, name)
		if err := seen.note(Table, name, err); err != nil {
			return seen, err
		}
	}
	checks, err := db.One(ctx, d, db.Scalar[int64], `SELECT count(*) FROM pg_proc WHERE proname = 'bt_index_check'
 AND pronargs = 2 AND has_function_privilege(oid, 'EXECUTE')`)
	if err != nil || checks == 0 {
		return seen, err
	}
	indexes, err := db.All(ctx, d, db.Scalar[string], relations+`'i' AND c.relam = (SELECT oid FROM pg_am
 WHERE amname = 'btree') AND EXISTS (SELECT 1 FROM pg_index x WHERE x.indexrelid = c.oid AND x.indisvalid)
 ORDER BY c.relname`)
	if err != nil {
		return seen, err
	}
	for _, name := range indexes {
		_, err := db.All(ctx, d, db.Scalar[string],
			`SELECT CAST(bt_index_check(CAST($1 AS regclass), true) AS text)`, quoted(name))
		if err := seen.note(Index, name, err); err != nil {
			return seen, err
		}
	}
	return seen, nil
}

// relations are those of the schema that the program works in.
const relations = `SELECT c.relname FROM pg_class c WHERE c.relnamespace =
 (SELECT n.oid FROM pg_namespace n WHERE n.nspname = current_schema()) AND c.relpersistence = 'p' AND c.relkind = `

// readTable makes the server take every value of every row apart, those outside the row too.
func readTable(ctx context.Context, d *db.DB, name string) error {
	_, err := db.One(ctx, d, db.Scalar[int64],
		`SELECT CAST(coalesce(sum(length(CAST(whole AS text))), 0) AS bigint) FROM `+quoted(name)+` whole`)
	return err
}

func quoted(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// note keeps an error that tells of damage and passes every other on.
func (s *Seen) note(kind, object string, err error) error {
	s.Objects++
	var said *pgconn.PgError
	if !errors.As(err, &said) || !damaged(said.Code) {
		return err
	}
	s.Faults = append(s.Faults, Fault{kind, object, said.Message})
	return nil
}

// damaged tells by SQLSTATE (PostgreSQL, appendix A) that bytes are not what was written.
func damaged(state string) bool {
	switch state {
	case "XX000", "XX001", "XX002", // internal error, data corrupted, index corrupted
		"22021", "58030", "58P01": // no such character, input/output error, a file is missing
		return true
	}
	return false
}
