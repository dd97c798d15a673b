package pgserver

import (
	"context"
	"database/sql"
	"os"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
)

func TestServerSurvivesKillWithEverythingItPromised(t *testing.T) {
	ctx := context.Background()
	server := newServer(t, true)
	pool := open(t, server)
	execute(t, pool, "CREATE TABLE promise (n bigint)")
	execute(t, pool, "INSERT INTO promise (n) VALUES (41), (1)")
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	if Alive(server.config.Folder) {
		t.Fatal("the server still answers after it was killed")
	}
	if err := server.Start(ctx); err != nil {
		t.Fatal(err)
	}
	var sum int64
	if err := open(t, server).QueryRow("SELECT sum(n) FROM promise").Scan(&sum); err != nil || sum != 42 {
		t.Fatalf("after recovery: sum %d, error %v; want 42", sum, err)
	}
}

func TestRemoveLeavesNothing(t *testing.T) {
	server := newServer(t, false)
	if err := server.Remove(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(server.config.Folder); !os.IsNotExist(err) {
		t.Fatalf("folder is still there: %v", err)
	}
}

func newServer(t *testing.T, durable bool) *Server {
	t.Helper()
	server, err := New(context.Background(), Config{Folder: shortFolder(t), Durable: durable})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Remove(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// shortFolder is used instead of t.TempDir, whose names can be too long for a socket.
func shortFolder(t *testing.T) string {
	t.Helper()
	folder, err := os.MkdirTemp("", "pg")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(folder) })
	return folder
}

func open(t *testing.T, server *Server) *sql.DB {
	t.Helper()
	pool, err := sql.Open("pgx", server.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pool.Close() })
	return pool
}

func execute(t *testing.T, pool *sql.DB, statement string) {
	t.Helper()
	if _, err := pool.Exec(statement); err != nil {
		t.Fatal(err)
	}
}
