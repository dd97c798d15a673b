package db

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// logged makes a database whose log holds some transactions, as a killed process leaves it, and gives the two files and
// where the log ended before its last transaction.
func logged(t *testing.T) (file, log []byte, last int) {
	t.Helper()
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "a.db")
	d, err := Open(ctx, Options{URL: "sqlite:" + path})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = d.Close() }()
	write := func(text string) {
		if err := d.Write(ctx, func(tx *Tx) error { _, err := Exec(ctx, tx, text); return err }); err != nil {
			t.Fatal(err)
		}
	}
	write(`CREATE TABLE thing (id text PRIMARY KEY, note text)`)
	for _, id := range []string{"a", "b", "c", "d"} {
		info, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		last = int(info.Size())
		write(`INSERT INTO thing (id, note) VALUES ('` + id + `', 'note')`)
	}
	if file, err = os.ReadFile(path); err == nil {
		log, err = os.ReadFile(path + "-wal")
	}
	if err != nil {
		t.Fatal(err)
	}
	return file, log, last
}

func openWith(t *testing.T, file, log []byte) error {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a.db")
	for name, bytes := range map[string][]byte{path: file, path + "-wal": log} {
		if err := os.WriteFile(name, bytes, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	d, err := Open(context.Background(), Options{URL: "sqlite:" + path})
	if err == nil {
		err = d.Close()
	}
	return err
}

// TestChangedLogIsRefused: whatever byte of a flushed transaction changed, the file is not opened; what a power cut may
// leave of the last one is.
func TestChangedLogIsRefused(t *testing.T) {
	file, log, last := logged(t)
	if err := openWith(t, file, log); err != nil {
		t.Fatal(err)
	}
	for at := 0; at < last; at += 97 {
		changed := append([]byte(nil), log...)
		changed[at] ^= 0x10
		if err := openWith(t, file, changed); !errors.Is(err, ErrDamaged) {
			t.Errorf("byte %d of %d changed: %v", at, len(log), err)
		}
	}
	for at := last; at < len(log); at += 487 {
		torn := append([]byte(nil), log...)
		clear(torn[at:min(at+512, len(torn))])
		for _, left := range [][]byte{torn, log[:at]} {
			if err := openWith(t, file, left); err != nil {
				t.Errorf("torn at %d of %d: %v", at, len(log), err)
			}
		}
	}
}
