package blob_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/blob"
	"github.com/dure-commerce/dure/internal/kit/blob/blobtest"
)

func openDisk(t *testing.T, folder string) *blob.Disk {
	t.Helper()
	disk, err := blob.OpenDisk(folder, "node")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := disk.Close(); err != nil {
			t.Error(err)
		}
	})
	return disk
}

func TestStores(t *testing.T) {
	t.Run("disk", func(t *testing.T) {
		blobtest.Run(t, func(t *testing.T) blob.Store { return openDisk(t, filepath.Join(t.TempDir(), "a", "b")) })
	})
	t.Run("memory", func(t *testing.T) {
		blobtest.Run(t, func(*testing.T) blob.Store { return &blob.Memory{} })
	})
}

// TestDiskSurvivesACrash: a half-written file is cleared at the start, and one cut short at its place is written anew.
func TestDiskSurvivesACrash(t *testing.T) {
	folder := t.TempDir()
	disk := openDisk(t, folder)
	key, err := disk.Put(t.Context(), []byte("whole"))
	if err != nil {
		t.Fatal(err)
	}
	left := filepath.Join(folder, "fresh", "node", "7")
	if err := os.WriteFile(left, []byte("hal"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(filepath.Join(folder, string(key[:2]), string(key)), 2); err != nil {
		t.Fatal(err)
	}
	again := openDisk(t, folder)
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Errorf("a half-written file is still there: %v", err)
	}
	if _, err := again.Put(t.Context(), []byte("whole")); err != nil {
		t.Fatal(err)
	}
	if info, err := again.Stat(t.Context(), key); err != nil || info.Size != 5 {
		t.Errorf("%v %v", info, err)
	}
	entries, err := os.ReadDir(filepath.Join(folder, "fresh", "node"))
	if err != nil || len(entries) != 0 {
		t.Errorf("%d files are left behind, %v", len(entries), err)
	}
}

// TestDiskDoesNotFollowLinksOutside: a link planted in the folder leads nowhere.
func TestDiskDoesNotFollowLinksOutside(t *testing.T) {
	folder, secret := t.TempDir(), filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte("secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	disk := openDisk(t, folder)
	key := blob.KeyOf([]byte("x"))
	if err := os.Mkdir(filepath.Join(folder, string(key[:2])), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, filepath.Join(folder, string(key[:2]), string(key))); err != nil {
		t.Fatal(err)
	}
	if reader, err := disk.Get(t.Context(), key); err == nil {
		_ = reader.Close()
		t.Error("a link out of the folder was followed")
	}
}
