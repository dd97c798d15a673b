package blobtest

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/blob"
)

// Run tries a store; open gives a fresh, empty one.
func Run(t *testing.T, open func(t *testing.T) blob.Store) {
	t.Run("keeps bytes under their hash", func(t *testing.T) { keeps(t, open(t)) })
	t.Run("answers not found", func(t *testing.T) { missing(t, open(t)) })
	t.Run("refuses what is no key", func(t *testing.T) { malformed(t, open(t)) })
	t.Run("seeks", func(t *testing.T) { seeks(t, open(t)) })
	t.Run("serves many at once", func(t *testing.T) { together(t, open(t)) })
}

func keeps(t *testing.T, store blob.Store) {
	ctx := t.Context()
	for _, data := range [][]byte{nil, {0}, []byte("이웃"), bytes.Repeat([]byte("0123456789"), 100_000)} {
		key, err := store.Put(ctx, data)
		if err != nil || key != blob.KeyOf(data) {
			t.Fatalf("put: %s %v", key, err)
		}
		if again, err := store.Put(ctx, data); err != nil || again != key {
			t.Fatalf("put again: %s %v", again, err)
		}
		if info, err := store.Stat(ctx, key); err != nil || info != (blob.Info{Key: key, Size: int64(len(data))}) {
			t.Fatalf("stat: %v %v", info, err)
		}
		if got := read(t, store, key); !bytes.Equal(got, data) {
			t.Fatalf("%d bytes came back as %d", len(data), len(got))
		}
	}
	data := []byte("changed by its owner afterwards")
	key, err := store.Put(ctx, data)
	if err != nil {
		t.Fatal(err)
	}
	data[0] = 'X'
	if got := read(t, store, key); blob.KeyOf(got) != key {
		t.Error("the store shares its caller's bytes")
	}
}

func read(t *testing.T, store blob.Store, key blob.Key) []byte {
	t.Helper()
	reader, err := store.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	data, readFault := io.ReadAll(reader)
	if err := errors.Join(readFault, reader.Close()); err != nil {
		t.Fatal(err)
	}
	return data
}

func missing(t *testing.T, store blob.Store) {
	ctx := t.Context()
	key := blob.KeyOf([]byte("never put"))
	if _, err := store.Get(ctx, key); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("get: %v", err)
	}
	if _, err := store.Stat(ctx, key); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("stat: %v", err)
	}
	if err := store.Delete(ctx, key); err != nil {
		t.Errorf("delete: %v", err)
	}
	key, err := store.Put(ctx, []byte("put and deleted"))
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Delete(ctx, key); err != nil {
		t.Errorf("delete: %v", err)
	}
	if _, err := store.Get(ctx, key); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("get after delete: %v", err)
	}
	if _, err := store.Put(ctx, []byte("put and deleted")); err != nil {
		t.Errorf("put after delete: %v", err)
	}
}

func malformed(t *testing.T, store blob.Store) {
	ctx := t.Context()
	good := string(blob.KeyOf(nil))
	for _, key := range []string{
		"", "..", "../../etc/passwd", "/etc/passwd", good[1:], good + "0", strings.ToUpper(good),
		good[:62] + "/.", good[:63] + "\x00",
		strings.Repeat("../", 21) + "a", strings.Repeat(".", 64), "ab\\" + good[3:],
	} {
		if _, err := store.Get(ctx, blob.Key(key)); !errors.Is(err, blob.ErrMalformed) {
			t.Errorf("get %q: %v", key, err)
		}
		if _, err := store.Stat(ctx, blob.Key(key)); !errors.Is(err, blob.ErrMalformed) {
			t.Errorf("stat %q: %v", key, err)
		}
		if err := store.Delete(ctx, blob.Key(key)); !errors.Is(err, blob.ErrMalformed) {
			t.Errorf("delete %q: %v", key, err)
		}
	}
}

func seeks(t *testing.T, store blob.Store) {
	key, err := store.Put(t.Context(), []byte("0123456789"))
	if err != nil {
		t.Fatal(err)
	}
	reader, err := store.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = reader.Close() }()
	if _, err := reader.Seek(-3, io.SeekEnd); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(reader); err != nil || string(rest) != "789" {
		t.Errorf("read %q, %v", rest, err)
	}
}

func together(t *testing.T, store blob.Store) {
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := range 10 {
				data := []byte("blob " + strconv.Itoa(i%5))
				key, err := store.Put(t.Context(), data)
				if err != nil {
					t.Errorf("worker %d: %v", worker, err)
					return
				}
				reader, err := store.Get(t.Context(), key)
				if err != nil {
					t.Errorf("worker %d: %v", worker, err)
					return
				}
				if got, err := io.ReadAll(reader); err != nil || !bytes.Equal(got, data) {
					t.Errorf("worker %d read %q, %v", worker, got, err)
				}
				_ = reader.Close()
			}
		})
	}
	all.Wait()
}
