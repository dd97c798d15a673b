package schema

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/dure-commerce/dure/internal/kit/db"
)

//go:embed */*.sql */notes.md
var folders embed.FS

// Migration is one folder.
type Migration struct {
	Version int64
	Name    string
}

// List gives all migrations in order.
func List() ([]Migration, error) {
	entries, err := fs.ReadDir(folders, ".")
	if err != nil {
		return nil, err
	}
	var out []Migration
	for _, e := range entries {
		number, _, ok := strings.Cut(e.Name(), "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if !ok || err != nil {
			return nil, fmt.Errorf("folder %s: want NNNN_name", e.Name())
		}
		out = append(out, Migration{Version: version, Name: e.Name()})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Version < out[j].Version })
	return out, nil
}

// Files gives the embedded folders, for checks on their texts.
func Files() fs.FS { return folders }

// Migrate brings the database to the newest version and gives the versions applied by this call.
func Migrate(ctx context.Context, d *db.DB) ([]int64, error) {
	var applied []int64
	err := d.Migrator(ctx, func(pool *sql.DB) error {
		provider, err := newProvider(d.Engine(), pool)
		if err != nil {
			return err
		}
		results, err := provider.Up(ctx)
		for _, r := range results {
			applied = append(applied, r.Source.Version)
		}
		return err
	})
	return applied, err
}

// Pending tells whether a migration is still to be applied.
func Pending(ctx context.Context, d *db.DB) (bool, error) {
	pending := false
	err := d.Migrator(ctx, func(pool *sql.DB) error {
		provider, err := newProvider(d.Engine(), pool)
		if err != nil {
			return err
		}
		pending, err = provider.HasPending(ctx)
		return err
	})
	return pending, err
}

func newProvider(engine db.Engine, pool *sql.DB) (*goose.Provider, error) {
	list, err := List()
	if err != nil {
		return nil, err
	}
	var steps []*goose.Migration
	for _, m := range list {
		statements, err := Statements(m.Name, engine)
		if err != nil {
			return nil, err
		}
		steps = append(steps, goose.NewGoMigration(m.Version, &goose.GoFunc{RunTx: runAll(m.Name, statements)}, nil))
	}
	options := []goose.ProviderOption{
		goose.WithGoMigrations(steps...),
		goose.WithDisableGlobalRegistry(true),
		goose.WithTableName("kit_migration"),
	}
	dialect := goose.DialectSQLite3
	if engine == db.Postgres {
		dialect = goose.DialectPostgres
		locker, err := lock.NewPostgresTableLocker(lock.WithTableName("kit_migration_lock"))
		if err != nil {
			return nil, fmt.Errorf("migration lock: %w", err)
		}
		options = append(options, goose.WithLocker(locker))
	}
	return goose.NewProvider(dialect, pool, nil, options...)
}

func runAll(name string, statements []string) func(context.Context, *sql.Tx) error {
	return func(ctx context.Context, tx *sql.Tx) error {
		for _, s := range statements {
			if _, err := tx.ExecContext(ctx, s); err != nil {
				return fmt.Errorf("%s: %w in: %s", name, err, firstLine(s))
			}
		}
		return nil
	}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

// Statements gives the statements of a folder as the engine takes them.
func Statements(folder string, engine db.Engine) ([]string, error) {
	raw, err := folders.ReadFile(folder + "/up.sql")
	if err != nil {
		return nil, err
	}
	text := string(raw)
	if engine == db.SQLite {
		text = sqliteText(text)
	}
	out := split(text, ";\n")
	own, err := folders.ReadFile(folder + "/up." + string(engine) + ".sql")
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	return append(out, split(string(own), "\n---\n")...), nil
}

// Assertions gives the queries of before.sql or after.sql; each must answer no row.
func Assertions(folder, when string) ([]string, error) {
	raw, err := folders.ReadFile(folder + "/" + when + ".sql")
	if err != nil {
		return nil, err
	}
	return split(string(raw), ";\n"), nil
}

func split(text, separator string) []string {
	var out []string
	for _, part := range strings.Split(strings.TrimSpace(text)+"\n", separator) {
		part = strings.TrimSuffix(strings.TrimSpace(withoutComments(part)), ";")
		if part != "" {
			out = append(out, part)
		}
	}
	return out
}

func withoutComments(text string) string {
	lines := strings.Split(text, "\n")
	kept := lines[:0]
	for _, l := range lines {
		if !strings.HasPrefix(strings.TrimSpace(l), "--") || strings.TrimSpace(l) == "---" {
			kept = append(kept, l)
		}
	}
	return strings.Join(kept, "\n")
}

var (
	integers = regexp.MustCompile(`\b(bigint|boolean)\b`)
	bytes    = regexp.MustCompile(`\bbytea\b`)
	tableEnd = regexp.MustCompile(`(?m)^\)\s*;`)
)

// sqliteText maps the shared types to SQLite's and makes every table STRICT.
func sqliteText(text string) string {
	text = integers.ReplaceAllString(text, "INTEGER")
	text = bytes.ReplaceAllString(text, "BLOB")
	return tableEnd.ReplaceAllString(text, ") STRICT;")
}
