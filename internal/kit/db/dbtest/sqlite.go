package dbtest

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db/dbtest/pgcluster"
	"github.com/dure-commerce/dure/internal/kit/db/lite"
)

// shared is this program's lease on what test programs have in common.
var shared = sync.OnceValues(pgcluster.Lease)

// sqliteTemplate is made once per program, and once per schema on a machine.
var sqliteTemplate = sync.OnceValues(makeSQLiteTemplate)

func makeSQLiteTemplate() (string, error) {
	mark, err := schemaMark()
	if err != nil {
		return "", err
	}
	share, err := shared()
	if err != nil {
		return "", err
	}
	home := share.Home()
	path := filepath.Join(home, "template-"+mark+".sqlite")
	if _, err := os.Stat(path); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return path, err
	}
	folder, err := os.MkdirTemp(home, "making-")
	if err != nil {
		return "", fmt.Errorf("make folder for template: %w", err)
	}
	// Migrating beside the final name and renaming lets several programs race: the last one wins, all are right.
	making := filepath.Join(folder, "template.sqlite")
	err = migrate("sqlite:" + making)
	if err == nil {
		err = foldLog(making)
	}
	if err == nil {
		err = os.Rename(making, path)
	}
	return path, errors.Join(err, os.RemoveAll(folder))
}

// foldLog brings the write-ahead log into the file itself, so that the file alone is the whole database.
func foldLog(path string) error {
	pool, err := sql.Open("sqlite", path)
	if err != nil {
		return err
	}
	_, err = pool.Exec("PRAGMA wal_checkpoint(TRUNCATE)")
	return errors.Join(err, pool.Close())
}

func sqliteURL(t testing.TB) string {
	t.Helper()
	template, err := sqliteTemplate()
	if err != nil {
		t.Fatalf("SQLite template: %v", err)
	}
	path := filepath.Join(scratch(t), "test.sqlite")
	if err := lite.Copy(path, template); err != nil {
		t.Fatalf("copy SQLite template: %v", err)
	}
	return "sqlite:" + path
}

// scratch is t.TempDir in memory, where the machine has a memory file system.
func scratch(t testing.TB) string {
	t.Helper()
	share, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	parent := pgcluster.ScratchFolder(share.Home())
	if err := os.MkdirAll(parent, 0o755); err != nil {
		t.Fatalf("make scratch folder: %v", err)
	}
	folder, err := os.MkdirTemp(parent, "test-")
	if err != nil {
		t.Fatalf("make scratch folder: %v", err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(folder); err != nil {
			t.Errorf("remove scratch folder: %v", err)
		}
	})
	return folder
}
