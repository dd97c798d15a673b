package pgserver

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestMissingServerSaysWhatToInstall(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := find(filepath.Join(t.TempDir(), "*"))
	if !errors.Is(err, ErrMissing) || !strings.Contains(err.Error(), "apt-get install postgresql") {
		t.Errorf("error %v; want one that says what to install", err)
	}
}

func TestNewestServerIsFound(t *testing.T) {
	root := t.TempDir()
	for _, version := range []string{"9", "15", "14"} {
		for _, program := range []string{"initdb", "postgres"} {
			path := filepath.Join(root, version, "bin", program)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, nil, 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	found, err := find(filepath.Join(root, "*", "bin", "initdb"))
	if want := filepath.Join(root, "15", "bin"); err != nil || found != want {
		t.Errorf("found %s, error %v; want %s", found, err, want)
	}
}
