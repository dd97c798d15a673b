package blob

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
)

// Reading opens blobs in a folder that another process may be writing; a folder that is not there holds none.
type Reading struct{ disk *Disk }

// OpenReading opens a folder and changes nothing in it.
func OpenReading(folder string) (*Reading, error) {
	root, err := os.OpenRoot(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return &Reading{}, nil
	}
	if err != nil {
		return nil, err
	}
	return &Reading{&Disk{root: root}}, nil
}

// Get opens a blob as Store.Get does.
func (r *Reading) Get(ctx context.Context, key Key) (io.ReadSeekCloser, error) {
	if r.disk == nil {
		return nil, ErrNotFound
	}
	return r.disk.Get(ctx, key)
}

// Close releases the folder.
func (r *Reading) Close() error {
	if r.disk == nil {
		return nil
	}
	return r.disk.Close()
}
