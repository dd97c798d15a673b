package db

import (
	"context"
	"database/sql"
	"fmt"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/dure-commerce/dure/internal/kit/db/pulse"
)

const (
	dialWait = 5 * time.Second
	// idleMillis is how long a transaction may wait for its node before the database ends it.
	idleMillis = "3000"
)

func (d *DB) openPostgres(ctx context.Context) error {
	cfg, err := pgx.ParseConfig(d.opts.URL)
	if err != nil {
		return ErrURL.With("URL", redact(d.opts.URL)).Wrap(err)
	}
	cfg.DefaultQueryExecMode = pgx.QueryExecModeCacheStatement
	// Plans of one hot row are trivial: compiling them costs more than running them.
	cfg.RuntimeParams["jit"] = "off"
	cfg.RuntimeParams["timezone"] = "UTC"
	cfg.RuntimeParams["application_name"] = "dure"
	// Disks have no arms any more.
	cfg.RuntimeParams["random_page_cost"] = "1.1"
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = dialWait
	}
	if d.opts.Pulse && !d.opts.ReadOnly {
		d.pulse = pulse.Start(cfg)
	}
	writers, readers := d.opts.Writers, d.opts.Readers
	if writers == 0 {
		writers = 8
	}
	if readers == 0 {
		readers = max(4, 2*runtime.NumCPU())
	}
	d.readers = pgPool(cfg, readers)
	if d.opts.ReadOnly {
		d.writers = d.readers
	} else {
		// Write transactions look for rows by their keys alone. A plan made while a table was young would scan it for as
		// long as the statement is kept, however much it has grown.
		keyed := cfg.Copy()
		keyed.RuntimeParams["enable_seqscan"] = "off"
		if d.opts.Pulse {
			// A node that stops in the middle of a transaction must not keep its rows from the others.
			keyed.RuntimeParams["idle_in_transaction_session_timeout"] = idleMillis
		}
		d.writers = pgPool(keyed, writers)
	}
	if err := d.readers.PingContext(ctx); err != nil {
		_ = d.Close()
		return fmt.Errorf("open %s: %w", redact(d.opts.URL), err)
	}
	return nil
}

func pgPool(cfg *pgx.ConnConfig, n int) *sql.DB {
	pool := stdlib.OpenDB(*cfg)
	pool.SetMaxOpenConns(n)
	pool.SetMaxIdleConns(n)
	return pool
}
