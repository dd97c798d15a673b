package command

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/backup"
	"github.com/dure-commerce/dure/internal/doctor"
)

// backupCommand puts an instance into a file.
type backupCommand struct {
	storeFlags `embed:""`
	File       string `arg:"" type:"path" help:"${archive_help}"`
}

// Run writes the archive beside a running server.
func (c *backupCommand) Run(ctx context.Context, io streams) (err error) {
	d, err := c.look(ctx, io)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	config, progress := c.config(), newLine(io.err)
	m, err := backup.Create(ctx, c.File, backup.Source{DB: d, Key: config.KeyPath(), Media: config.MediaPath(),
		Program: Version, Progress: moving(io, progress)})
	progress.end()
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintln(io.out, io.words.T("backup.done", "Path", c.File, "Files", len(m.Files), "Bytes", m.Bytes(),
		"Version", m.Version()))
	if !m.HasDatabase() {
		_, _ = fmt.Fprintln(io.out, io.words.T("backup.postgres"))
	}
	if config.MediaPath() == "" {
		_, _ = fmt.Fprintln(io.out, io.words.T("backup.bucket", "Media", config.Media))
	}
	return nil
}

// moving shows which part is being moved, and how much was moved so far.
func moving(io streams, to *line) func(name string, bytes int64) {
	var sum int64
	return func(name string, bytes int64) {
		sum += bytes
		_, _ = to.Write([]byte(io.words.T("backup.moving", "Name", name, "Bytes", sum)))
	}
}

// restoreCommand brings a backup back.
type restoreCommand struct {
	File     string `arg:"" type:"existingfile" help:"${archive_help}"`
	Data     string `required:"" type:"path" help:"${empty_data_help}"`
	Database string `help:"${database_help}"`
	Media    string `help:"${media_help}" env:"DURE_MEDIA"`
	Log      string `help:"${log_help}" enum:"debug,info,warn,error" default:"warn" env:"DURE_LOG"`
}

// Run extracts the archive into an empty folder, brings its database forward and asks doctor.
func (c *restoreCommand) Run(ctx context.Context, io streams) (err error) {
	config := app.Config{Data: c.Data}
	file := strings.TrimPrefix(config.DatabaseURL(), "sqlite:")
	progress := newLine(io.err)
	m, err := backup.Extract(ctx, c.File, backup.Target{Folder: c.Data, Database: file, Key: config.KeyPath(),
		Media: config.MediaPath(), Progress: moving(io, progress)})
	progress.end()
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintln(io.out, io.words.T("backup.restored", "Path", filepath.Clean(c.Data), "Files", len(m.Files), "At",
		m.At, "Program", m.Program))
	if !m.HasDatabase() && c.Database == "" {
		_, err = fmt.Fprintln(io.out, io.words.T("backup.postgres_restore"))
		return err
	}
	flags := storeFlags{Data: c.Data, Media: c.Media, Log: c.Log}
	if !m.HasDatabase() {
		flags.Database = c.Database
	}
	d, err := flags.open(ctx, io)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	return examine(ctx, io, d, examination{options: doctor.Options{Resting: true}, config: flags.config()})
}
