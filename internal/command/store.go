package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/scrub"
	"github.com/dure-commerce/dure/internal/schema"
)

// errEnded ends a command with status 1 after it has said everything itself.
var errEnded = errors.New("command: ended with findings")

// storeFlags say which instance a tool works on.
type storeFlags struct {
	Data     string `help:"${data_help}" default:"${data_default}" env:"DURE_DATA" type:"path"`
	Database string `help:"${database_help}" env:"DURE_DATABASE_URL"`
	Media    string `help:"${media_help}" env:"DURE_MEDIA"`
	Log      string `help:"${log_help}" enum:"debug,info,warn,error" default:"warn" env:"DURE_LOG"`
}

func (s storeFlags) config() app.Config {
	return app.Config{Data: s.Data, Database: s.Database, Media: s.Media, Log: s.Log}
}

// open opens the instance for writing, which takes the lock of a SQLite file, and brings it to the newest version.
func (s storeFlags) open(ctx context.Context, io streams) (*db.DB, error) {
	if err := os.MkdirAll(s.Data, 0o700); err != nil {
		return nil, err
	}
	d, err := db.Open(ctx, db.Options{URL: s.config().DatabaseURL(), Log: logger(s.Log, io.err)})
	if err != nil {
		return nil, err
	}
	if _, err := schema.Migrate(ctx, d); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

// look opens the instance for reading, beside a server that may be running.
func (s storeFlags) look(ctx context.Context, io streams) (*db.DB, error) {
	at := s.config().DatabaseURL()
	d, err := db.Open(ctx, db.Options{URL: at, Log: logger(s.Log, io.err), ReadOnly: true})
	return d, scrub.Opening(strings.TrimPrefix(at, "sqlite:"), err)
}

// line is the last line of a terminal, written over and over. Without a terminal it writes nothing.
type line struct {
	out   io.Writer
	there bool
}

func newLine(out io.Writer) *line {
	file, ok := out.(*os.File)
	if !ok {
		return &line{}
	}
	info, err := file.Stat()
	if err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return &line{}
	}
	return &line{out: out}
}

// Write shows the text in place of what was shown.
func (l *line) Write(text []byte) (int, error) {
	if l.out != nil {
		if _, err := fmt.Fprintf(l.out, "\r\x1b[K%s", strings.TrimRight(string(text), "\n")); err != nil {
			return 0, err
		}
		l.there = true
	}
	return len(text), nil
}

// end clears the line, so that what follows stands alone.
func (l *line) end() {
	if l.there {
		_, _ = fmt.Fprint(l.out, "\r\x1b[K")
		l.there = false
	}
}
