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

// Book is the migrations a program knows: the shipped ones, and those of Extra, which tests of later programs add.
type Book struct{ Extra fs.FS }

// Files gives the embedded folders, for checks on their texts.
func Files() fs.FS { return folders }

// List gives all shipped migrations in order.
func List() ([]Migration, error) { return Book{}.List() }

// Migrate brings the database to the newest shipped version and gives the versions applied by this call.
func Migrate(ctx context.Context, d *db.DB) ([]int64, error) { return Book{}.Migrate(ctx, d) }

// Pending tells whether a shipped migration is still to be applied.
func Pending(ctx context.Context, d *db.DB) (bool, error) { return Book{}.Pending(ctx, d) }

// Statements gives the statements of a shipped folder as the engine takes them.
func Statements(folder string, engine db.Engine) ([]string, error) {
	return Book{}.statements(folder, engine)
}

// List gives all migrations in order.
func (b Book) List() ([]Migration, error) {
	var out []Migration
	for _, files := range b.sources() {
		entries, err := fs.ReadDir(files, ".")
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			number, _, ok := strings.Cut(e.Name(), "_")
			version, err := strconv.ParseInt(number, 10, 64)
			if !ok || err != nil {
				return nil, fmt.Errorf("folder %s: want NNNN_name", e.Name())
			}
			out = append(out, Migration{Version: version, Name: e.Name()})
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Version < out[j].Version })
	return out, nil
}

func (b Book) sources() []fs.FS {
	if b.Extra == nil {
		return []fs.FS{folders}
	}
	return []fs.FS{folders, b.Extra}
}

// read reads a file of whichever source has it.
func (b Book) read(path string) (raw []byte, err error) {
	for _, files := range b.sources() {
		if raw, err = fs.ReadFile(files, path); !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return raw, err
}

// Migrate brings the database to the newest version and gives the versions applied by this call. Several nodes may call
// it at once. It refuses to contract under a program that still runs.
func (b Book) Migrate(ctx context.Context, d *db.DB) ([]int64, error) {
	var applied []int64
	err := d.Migrator(ctx, func(pool *sql.DB) error {
		provider, err := b.provider(d.Engine(), pool)
		if err != nil {
			return err
		}
		pending, err := b.pending(ctx, provider)
		if err == nil && len(pending) > 0 {
			err = b.mayContract(ctx, d, pool, pending)
		}
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
func (b Book) Pending(ctx context.Context, d *db.DB) (bool, error) {
	pending := false
	err := d.Migrator(ctx, func(pool *sql.DB) error {
		provider, err := b.provider(d.Engine(), pool)
		if err != nil {
			return err
		}
		pending, err = provider.HasPending(ctx)
		return err
	})
	return pending, err
}

// pending gives the migrations that are still to be applied.
func (b Book) pending(ctx context.Context, provider *goose.Provider) ([]Migration, error) {
	list, err := b.List()
	if err != nil {
		return nil, err
	}
	states, err := provider.Status(ctx)
	if err != nil {
		return nil, err
	}
	open := map[int64]bool{}
	for _, s := range states {
		open[s.Source.Version] = s.State == goose.StatePending
	}
	var out []Migration
	for _, m := range list {
		if open[m.Version] {
			out = append(out, m)
		}
	}
	return out, nil
}

func (b Book) provider(engine db.Engine, pool *sql.DB) (*goose.Provider, error) {
	list, err := b.List()
	if err != nil {
		return nil, err
	}
	var steps []*goose.Migration
	for _, m := range list {
		statements, err := b.statements(m.Name, engine)
		if err != nil {
			return nil, err
		}
		steps = append(steps, goose.NewGoMigration(m.Version, &goose.GoFunc{RunTx: b.runAll(m, statements)}, nil))
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

func (b Book) runAll(m Migration, statements []string) func(context.Context, *sql.Tx) error {
	return func(ctx context.Context, tx *sql.Tx) error {
		for _, s := range statements {
			if _, err := tx.ExecContext(ctx, s); err != nil {
				return fmt.Errorf("%s: %w in: %s", m.Name, err, firstLine(s))
			}
		}
		return b.note(ctx, tx, m)
	}
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

func (b Book) statements(folder string, engine db.Engine) ([]string, error) {
	raw, err := b.read(folder + "/up.sql")
	if err != nil {
		return nil, err
	}
	text := string(raw)
	if engine == db.SQLite {
		text = sqliteText(text)
	}
	out := split(text, ";\n")
	own, err := b.read(folder + "/up." + string(engine) + ".sql")
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
