package stage

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/lite"
	"github.com/dure-commerce/dure/internal/kit/fail"
	"github.com/dure-commerce/dure/internal/kit/pgserver"
)

// ErrEngine is an engine that there is not.
var ErrEngine = fail.New(fail.Invalid, "bench.engine")

// Ground is where databases are made.
type Ground struct {
	Engine db.Engine
	folder string
	server *pgserver.Server // our own, nil on SQLite and on a given server
	url    string           // PostgreSQL: a database of the server to give commands from
	made   []string         // PostgreSQL: databases to drop
	count  int
}

// Place is an instance: its data folder and its database.
type Place struct {
	Data string
	URL  string
}

// Config is the place as the server reads it.
func (p Place) Config() app.Config {
	return app.Config{Data: p.Data, Database: p.URL, Listen: "127.0.0.1:0", Log: "warn"}
}

// Settings of our own PostgreSQL beside its defaults: room for the data of a bench in memory and in the log. It flushes
// every commit, as it does by default.
func settings() []string {
	return []string{"shared_buffers=256MB", "max_wal_size=4GB", "fsync=on", "synchronous_commit=on"}
}

// Open makes a folder, and for PostgreSQL a server when no url of one is given.
func Open(ctx context.Context, engine db.Engine, url string) (*Ground, error) {
	if engine != db.SQLite && engine != db.Postgres {
		return nil, ErrEngine.With("Engine", string(engine))
	}
	folder, err := os.MkdirTemp("", "dure-bench-")
	if err != nil {
		return nil, fmt.Errorf("folder for benches: %w", err)
	}
	g := &Ground{Engine: engine, folder: folder, url: url}
	if engine == db.SQLite || url != "" {
		return g, nil
	}
	if err := os.Chmod(folder, 0o755); err != nil { // the account postgres must find its folder
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	g.server, err = pgserver.New(ctx, pgserver.Config{Folder: filepath.Join(folder, "pg"), Durable: true,
		Settings: settings()})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	g.url = g.server.URL("postgres")
	return g, nil
}

// Close removes everything that was made.
func (g *Ground) Close() error {
	var err error
	if g.server != nil {
		err = g.server.Remove()
	} else if g.Engine == db.Postgres {
		for _, name := range g.made {
			err = errors.Join(err, g.command(context.Background(), "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"))
		}
	}
	return errors.Join(err, os.RemoveAll(g.folder))
}

// Folder is where the databases lie, for measuring the disk.
func (g *Ground) Folder() string { return g.folder }

// New makes an empty place.
func (g *Ground) New(ctx context.Context) (Place, error) { return g.make(ctx, Place{}) }

// Copy makes a place like another, at which nobody works.
func (g *Ground) Copy(ctx context.Context, from Place) (Place, error) { return g.make(ctx, from) }

func (g *Ground) make(ctx context.Context, from Place) (Place, error) {
	g.count++
	p := Place{Data: filepath.Join(g.folder, fmt.Sprintf("place%d", g.count))}
	if err := os.Mkdir(p.Data, 0o700); err != nil {
		return p, err
	}
	if from.Data != "" {
		if err := lite.Copy(p.Config().KeyPath(), from.Config().KeyPath()); err != nil {
			return p, err
		}
	}
	if g.Engine == db.SQLite {
		p.URL = p.Config().DatabaseURL()
		if from.URL == "" {
			return p, nil
		}
		return p, lite.Copy(strings.TrimPrefix(p.URL, "sqlite:"), strings.TrimPrefix(from.URL, "sqlite:"))
	}
	name := fmt.Sprintf("dure_bench_%d_%d", os.Getpid(), g.count)
	text := "CREATE DATABASE " + name
	if from.URL != "" {
		text += " TEMPLATE " + nameOf(from.URL)
	}
	g.made = append(g.made, name)
	p.URL = withName(g.url, name)
	return p, g.command(ctx, text)
}

// nameOf and withName read and change the database in a PostgreSQL address.
func nameOf(url string) string {
	path, _, _ := strings.Cut(url, "?")
	return path[strings.LastIndex(path, "/")+1:]
}

func withName(url, name string) string {
	path, query, asked := strings.Cut(url, "?")
	out := path[:strings.LastIndex(path, "/")+1] + name
	if asked {
		out += "?" + query
	}
	return out
}

// Drop removes a place that nobody needs any more.
func (g *Ground) Drop(ctx context.Context, p Place) error {
	err := os.RemoveAll(p.Data)
	if g.Engine == db.Postgres && p.URL != "" {
		err = errors.Join(err, g.command(ctx, "DROP DATABASE IF EXISTS "+nameOf(p.URL)+" WITH (FORCE)"))
	}
	return err
}

// PowerCut ends our own PostgreSQL as a power cut would and starts it again. It does nothing for SQLite, whose server
// process is what is killed, and for a given server, which is not ours to kill.
func (g *Ground) PowerCut(ctx context.Context) error {
	if g.server == nil {
		return nil
	}
	return errors.Join(g.server.Kill(), g.server.Start(ctx))
}

// Analyze lets PostgreSQL count the rows that were just built, as it does by itself after a minute.
func (g *Ground) Analyze(ctx context.Context, p Place) error {
	if g.Engine != db.Postgres {
		return nil
	}
	return command(ctx, p.URL, "VACUUM ANALYZE")
}

// Setting reads how PostgreSQL is set.
func (g *Ground) Setting(ctx context.Context, name string) (value string, err error) {
	conn, err := pgx.Connect(ctx, g.url)
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	return value, conn.QueryRow(ctx, "SELECT current_setting($1)", name).Scan(&value)
}

// Size is how many bytes a place takes on the disk, its log included on SQLite.
func (g *Ground) Size(ctx context.Context, p Place) (bytes int64, err error) {
	if g.Engine == db.SQLite {
		file := strings.TrimPrefix(p.URL, "sqlite:")
		for _, path := range []string{file, file + "-wal"} {
			if info, err := os.Stat(path); err == nil {
				bytes += info.Size()
			}
		}
		return bytes, nil
	}
	conn, err := pgx.Connect(ctx, g.url)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, conn.Close(ctx)) }()
	return bytes, conn.QueryRow(ctx, "SELECT pg_database_size($1)", nameOf(p.URL)).Scan(&bytes)
}

func (g *Ground) command(ctx context.Context, text string) error { return command(ctx, g.url, text) }

func command(ctx context.Context, url, text string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	if _, err = conn.Exec(ctx, text); err != nil {
		err = fmt.Errorf("%s: %w", text, err)
	}
	return errors.Join(err, conn.Close(ctx))
}
