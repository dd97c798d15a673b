package backup

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// Source is what is backed up.
type Source struct {
	DB       *db.DB // may be open for reading only
	Key      string // file of the root key
	Media    string // folder of photographs; empty when they lie in a bucket, which has backups of its own
	Program  string // version of the program
	Progress func(name string, bytes int64)
}

// Create writes the archive beside its place, flushes it and then gives it its name: a file with that name is whole.
func Create(ctx context.Context, path string, s Source) (m Manifest, err error) {
	if _, err := os.Stat(path); err == nil {
		return m, ErrExists.With("Path", path)
	}
	making := path + ".part"
	// It holds the key to everything: nobody else may read it.
	out, err := os.OpenFile(making, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return m, err
	}
	w := &writer{Source: s, tar: tar.NewWriter(out), scratch: path + ".copy"}
	m, err = w.write(ctx)
	err = errors.Join(err, w.tar.Close(), out.Sync(), out.Close())
	if removeErr := os.Remove(w.scratch); removeErr != nil && !errors.Is(removeErr, fs.ErrNotExist) {
		err = errors.Join(err, removeErr)
	}
	if err != nil {
		return m, errors.Join(err, os.Remove(making))
	}
	if err := os.Rename(making, path); err != nil {
		return m, err
	}
	return m, flush(filepath.Dir(path))
}

func flush(folder string) error {
	opened, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(opened.Sync(), opened.Close())
}

type writer struct {
	Source
	tar      *tar.Writer
	scratch  string // where the copy of the database stands meanwhile
	manifest Manifest
}

func (w *writer) write(ctx context.Context) (Manifest, error) {
	w.manifest = Manifest{Format: format, Program: w.Program, At: w.DB.Clock().Now(), Engine: string(w.DB.Engine())}
	if w.DB.Engine() == db.SQLite {
		if err := w.database(ctx); err != nil {
			return w.manifest, err
		}
	} else {
		var err error
		if w.manifest.Schema, err = migrations(ctx, w.DB); err != nil {
			return w.manifest, err
		}
	}
	if err := w.file(ctx, nameKey, w.Key); err != nil {
		return w.manifest, err
	}
	if err := w.media(ctx); err != nil {
		return w.manifest, err
	}
	text, err := json.MarshalIndent(w.manifest, "", "  ")
	if err != nil {
		return w.manifest, err
	}
	sum := sha256.Sum256(text)
	return w.manifest, errors.Join(w.text(nameManifest, text), w.text(nameSum, []byte(hex.EncodeToString(sum[:])+"\n")))
}

// database copies the database and reads from the copy which migrations made it.
func (w *writer) database(ctx context.Context) error {
	if err := os.Remove(w.scratch); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	w.tell(nameDatabase, 0)
	if err := w.DB.Snapshot(ctx, w.scratch); err != nil {
		return err
	}
	var err error
	if w.manifest.Schema, err = migrations(ctx, w.DB); err != nil {
		return err
	}
	return w.file(ctx, nameDatabase, w.scratch)
}

// media takes every photograph; files being written lie elsewhere and are left out.
func (w *writer) media(ctx context.Context) error {
	if w.Media == "" {
		return nil
	}
	names, err := filepath.Glob(filepath.Join(w.Media, "[0-9a-f][0-9a-f]", "*"))
	if err != nil {
		return err
	}
	for _, path := range names {
		name := mediaFolder + filepath.Base(filepath.Dir(path)) + "/" + filepath.Base(path)
		if !known(name) {
			continue
		}
		err := w.file(ctx, name, path)
		if errors.Is(err, fs.ErrNotExist) {
			continue // forgotten meanwhile: no row names it any more
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) file(ctx context.Context, name, path string) (err error) {
	if err := ctx.Err(); err != nil {
		return err
	}
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	if err := w.head(name, info.Size(), info.ModTime()); err != nil {
		return err
	}
	sum := sha256.New()
	n, err := io.Copy(w.tar, io.TeeReader(reading{ctx, io.LimitReader(in, info.Size())}, sum))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	w.manifest.Files = append(w.manifest.Files, File{Name: name, Bytes: n, SHA256: hex.EncodeToString(sum.Sum(nil))})
	w.tell(name, n)
	return nil
}

func (w *writer) head(name string, size int64, at time.Time) error {
	return w.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o600, ModTime: at,
		Format: tar.FormatPAX})
}

func (w *writer) text(name string, text []byte) error {
	if err := w.head(name, int64(len(text)), w.manifest.At); err != nil {
		return err
	}
	_, err := io.Copy(w.tar, bytes.NewReader(text))
	return err
}

func (w *writer) tell(name string, n int64) {
	if w.Progress != nil {
		w.Progress(name, n)
	}
}

// reading ends with its context.
type reading struct {
	ctx context.Context
	in  io.Reader
}

func (r reading) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.in.Read(p)
}
