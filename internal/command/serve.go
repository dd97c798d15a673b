package command

import (
	"context"
	"fmt"
	"os"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/sandbox"
	"github.com/dure-commerce/dure/internal/schema"
)

// serveCommand runs a node.
type serveCommand struct {
	app.Config `embed:""`
}

// Run serves until it is told to stop. An instance without an operator prints the address that makes the first one.
func (c *serveCommand) Run(ctx context.Context, io streams) error {
	s, err := app.NewServer(ctx, app.ServerOptions{Config: c.Config, Log: logger(c.Log, io.err)})
	if err != nil {
		return err
	}
	defer func() { _ = s.Close() }()
	secret, err := s.Signup.PrepareSetup(ctx)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintln(io.out, io.words.T("cli.serving", "URL", s.BaseURL))
	if secret != "" {
		_, _ = fmt.Fprintln(io.out, io.words.T("cli.setup", "URL", s.BaseURL+"/setup?t="+secret))
	}
	return s.Run(ctx)
}

// migrateCommand brings a database to the newest version.
type migrateCommand struct {
	app.Config `embed:""`
}

// Run migrates and tells what was done.
func (c *migrateCommand) Run(ctx context.Context, io streams) error {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return err
	}
	d, err := db.Open(ctx, db.Options{URL: c.DatabaseURL(), Log: logger(c.Log, io.err)})
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	applied, err := schema.Migrate(ctx, d)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintln(io.out, io.words.T("cli.migrated", "Count", len(applied)))
	return nil
}

// versionCommand tells what this binary is.
type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(io streams) error {
	_, err := fmt.Fprintln(io.out, "dure "+Version)
	return err
}

// Version of the program; the release build sets it.
var Version = "0.1.0-dev"

// sandboxCommand runs the sandbox gateway and bank as a process of its own.
type sandboxCommand struct {
	Listen     string `default:"127.0.0.1:8090" env:"DURE_SANDBOX_LISTEN" help:"${listen_help}"`
	Database   string `env:"DURE_SANDBOX_DATABASE" help:"${database_help}"`
	WebhookURL string `env:"DURE_SANDBOX_WEBHOOK_URL" help:"${base_help}"`
	CrashAt    string `env:"DURE_SANDBOX_CRASH_AT" hidden:""`
}

// Run serves the sandbox until it is told to stop.
func (c *sandboxCommand) Run(ctx context.Context, io streams) error {
	return sandbox.Run(ctx, sandbox.Options{Listen: c.Listen, URL: c.Database, WebhookURL: c.WebhookURL,
		CrashAt: c.CrashAt, Exit: io.exit, Log: logger("info", io.err),
		Ready: func(url string) { _, _ = fmt.Fprintln(io.out, url) }})
}
