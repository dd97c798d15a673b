package dbtest

import (
	"context"
	"os"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/pgserver"
)

// ClusterOptions says what a test needs from a server of its own.
type ClusterOptions struct {
	Durable  bool // fsync stays on: for tests of what survives a crash
	Migrated bool // false leaves the database empty
}

// OwnCluster is a PostgreSQL server that belongs to one test.
type OwnCluster struct {
	URL    string
	t      testing.TB
	server *pgserver.Server
}

// Cluster starts a PostgreSQL server for this test alone, which may stop, kill and start it. It ends with the test.
func Cluster(t testing.TB, options ClusterOptions) *OwnCluster {
	t.Helper()
	folder, err := os.MkdirTemp("", "pg") // not t.TempDir: a socket's path must be short
	if err != nil {
		t.Fatalf("folder for PostgreSQL: %v", err)
	}
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatalf("folder for PostgreSQL: %v", err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			t.Errorf("remove PostgreSQL's folder: %v", err)
		}
	})
	server, err := pgserver.New(context.Background(), pgserver.Config{Folder: folder, Durable: options.Durable})
	if err != nil {
		t.Fatalf("start PostgreSQL: %v", err)
	}
	t.Cleanup(func() {
		if err := server.Remove(); err != nil {
			t.Errorf("end PostgreSQL: %v", err)
		}
	})
	c := &OwnCluster{URL: server.URL("postgres"), t: t, server: server}
	if options.Migrated {
		c.must(migrate(c.URL))
	}
	return c
}

// Stop ends the server in good order.
func (c *OwnCluster) Stop() { c.t.Helper(); c.must(c.server.Stop()) }

// Kill ends the server as a power cut would.
func (c *OwnCluster) Kill() { c.t.Helper(); c.must(c.server.Kill()) }

// Start starts the server again after Stop or Kill.
func (c *OwnCluster) Start() { c.t.Helper(); c.must(c.server.Start(context.Background())) }

func (c *OwnCluster) must(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatal(err)
	}
}
