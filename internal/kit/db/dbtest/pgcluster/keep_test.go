package pgcluster

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/pgserver"
)

func TestKeepRefusesAFolderWithoutLease(t *testing.T) {
	home := shortFolder(t)
	var out bytes.Buffer
	if err := Keep(context.Background(), home, &out); err == nil || !strings.Contains(err.Error(), "lease") {
		t.Fatalf("Keep = %v; want an error about the lease", err)
	}
	if pgserver.Alive(serverFolder(home)) {
		t.Fatal("the server outlived its keeper")
	}
}

func TestLeaseIsSeenWhileHeldAndGoneAfterwards(t *testing.T) {
	path := filepath.Join(shortFolder(t), "lease")
	mine, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	keepers, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if leased(keepers) {
		t.Fatal("a lease nobody took is seen as taken")
	}
	if err := syscall.Flock(int(mine.Fd()), syscall.LOCK_SH); err != nil {
		t.Fatal(err)
	}
	if !leased(keepers) {
		t.Fatal("a held lease is not seen")
	}
	if err := mine.Close(); err != nil {
		t.Fatal(err)
	}
	if leased(keepers) {
		t.Fatal("a lease is still seen after its holder let go")
	}
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
