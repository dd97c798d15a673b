package blob_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/blob"
)

func TestReadingBesideAWriter(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "media")
	none, err := blob.OpenReading(folder)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := none.Get(t.Context(), blob.KeyOf(nil)); !errors.Is(err, blob.ErrNotFound) {
		t.Error(err)
	}
	if _, err := os.Stat(folder); err == nil {
		t.Error("reading made a folder")
	}
	disk, err := blob.OpenDisk(folder, "a")
	if err != nil {
		t.Fatal(err)
	}
	key, err := disk.Put(t.Context(), []byte("noodles"))
	if err != nil {
		t.Fatal(err)
	}
	reading, err := blob.OpenReading(folder)
	if err != nil {
		t.Fatal(err)
	}
	file, err := reading.Get(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(file)
	if err != nil || string(text) != "noodles" {
		t.Error(string(text), err)
	}
	if err := errors.Join(file.Close(), reading.Close(), none.Close(), disk.Close()); err != nil {
		t.Error(err)
	}
}
