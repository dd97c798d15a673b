package dbtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/dure-commerce/dure/internal/kit/db/dbtest/pgcluster"
)

// postgresServer is joined once per program.
var postgresServer = sync.OnceValues(joinPostgres)

// databaseCount numbers the databases of this program.
var databaseCount atomic.Int64

type postgresShare struct {
	server   *pgcluster.Shared
	template string
}

func joinPostgres() (*postgresShare, error) {
	mark, err := schemaMark()
	if err != nil {
		return nil, err
	}
	server, err := shared()
	if err != nil {
		return nil, err
	}
	if err := server.Serve(); err != nil {
		return nil, err
	}
	share := &postgresShare{server: server, template: "template_" + mark}
	return share, server.Locked(share.makeTemplate)
}

// makeTemplate migrates under another name first, so that a program killed half-way leaves no half template.
func (p *postgresShare) makeTemplate() error {
	ctx := context.Background()
	var made bool
	err := p.admin(ctx, func(c *pgx.Conn) error {
		const query = `SELECT count(*) = 1 FROM pg_database WHERE datname = $1`
		return c.QueryRow(ctx, query, p.template).Scan(&made)
	})
	if err != nil || made {
		return err
	}
	making := p.template + "_making"
	err = p.run(ctx, "DROP DATABASE IF EXISTS "+making+" WITH (FORCE)", "CREATE DATABASE "+making)
	if err != nil {
		return err
	}
	if err := migrate(p.server.URL(making)); err != nil {
		return err
	}
	return p.run(ctx, "ALTER DATABASE "+making+" RENAME TO "+p.template)
}

// admin lends a connection to the server's own database. Names in statements are ours, never a test's.
func (p *postgresShare) admin(ctx context.Context, work func(*pgx.Conn) error) error {
	c, err := pgx.Connect(ctx, p.server.URL("postgres"))
	if err != nil {
		return fmt.Errorf("connect to the test server: %w", err)
	}
	return errors.Join(work(c), c.Close(ctx))
}

func (p *postgresShare) run(ctx context.Context, statements ...string) error {
	return p.admin(ctx, func(c *pgx.Conn) error {
		for _, statement := range statements {
			if _, err := c.Exec(ctx, statement); err != nil {
				return fmt.Errorf("%s: %w", statement, err)
			}
		}
		return nil
	})
}

func postgresURL(t testing.TB) string {
	t.Helper()
	share, err := postgresServer()
	if err != nil {
		t.Fatalf("PostgreSQL for tests: %v", err)
	}
	ctx := context.Background()
	name := fmt.Sprintf("test_%d_%d", os.Getpid(), databaseCount.Add(1))
	// A killed program with the same number may have left its database behind.
	err = share.run(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)",
		"CREATE DATABASE "+name+" TEMPLATE "+share.template)
	if err != nil {
		t.Fatalf("make test database: %v", err)
	}
	t.Cleanup(func() {
		if err := share.run(ctx, "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop test database: %v", err)
		}
	})
	return share.server.URL(name)
}
