package backup

import (
	"archive/tar"
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
	"strings"
)

// Target is where an archive is restored to; all three lie in Folder.
type Target struct {
	Folder   string // must be empty or not there
	Database string
	Key      string
	Media    string
	Progress func(name string, bytes int64)
}

// textMax bounds the list of parts: a million photographs.
const textMax = 256 << 20

// Extract reads an archive into an empty folder. Every part's sum is compared with the list before anything gets its
// final name; when one differs the folder is left empty and the part named.
func Extract(ctx context.Context, path string, t Target) (m Manifest, err error) {
	if err := vacant(t.Folder); err != nil {
		return m, err
	}
	in, err := os.Open(path)
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, in.Close()) }()
	if err := os.MkdirAll(t.Folder, 0o700); err != nil {
		return m, err
	}
	staging := filepath.Join(t.Folder, "restoring")
	r := &reader{Target: t, staging: staging, found: map[string]File{}}
	if err = r.read(ctx, in); err == nil {
		m, err = r.compare()
	}
	if err == nil {
		err = r.settle(m)
	}
	if err != nil {
		return m, errors.Join(err, os.RemoveAll(staging))
	}
	return m, errors.Join(os.RemoveAll(staging), flush(t.Folder))
}

func vacant(folder string) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil && len(entries) > 0 {
		return ErrNotEmpty.With("Path", folder)
	}
	return err
}

type reader struct {
	Target
	staging  string
	found    map[string]File
	manifest []byte
	sum      []byte
}

func (r *reader) read(ctx context.Context, in io.Reader) error {
	archive := tar.NewReader(in)
	for {
		head, err := archive.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return ErrArchive.Wrap(err)
		}
		if !known(head.Name) || head.Typeflag != tar.TypeReg {
			return ErrForeign.With("Name", head.Name)
		}
		if err := r.part(ctx, head, archive); err != nil {
			return err
		}
	}
}

func (r *reader) part(ctx context.Context, head *tar.Header, in io.Reader) error {
	if _, twice := r.found[head.Name]; twice {
		return ErrForeign.With("Name", head.Name)
	}
	sum := sha256.New()
	body := io.TeeReader(reading{ctx, in}, sum)
	var n int64
	var err error
	switch head.Name {
	case nameManifest, nameSum:
		var text []byte
		text, err = io.ReadAll(io.LimitReader(body, textMax))
		n = int64(len(text))
		if head.Name == nameManifest {
			r.manifest = text
		} else {
			r.sum = text
		}
	default:
		n, err = r.keep(head.Name, body)
	}
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return ErrDamaged.With("Name", head.Name).Wrap(err)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", head.Name, err)
	}
	r.found[head.Name] = File{Name: head.Name, Bytes: n, SHA256: hex.EncodeToString(sum.Sum(nil))}
	if r.Progress != nil {
		r.Progress(head.Name, n)
	}
	return nil
}

// keep writes a part into the staging folder and flushes it.
func (r *reader) keep(name string, body io.Reader) (int64, error) {
	path := filepath.Join(r.staging, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return 0, err
	}
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(out, body)
	return n, errors.Join(err, out.Sync(), out.Close())
}

// compare holds what was read against the list, and the list against its own sum.
func (r *reader) compare() (m Manifest, err error) {
	if r.manifest == nil || r.sum == nil {
		return m, ErrShort
	}
	if strings.TrimSpace(string(r.sum)) != r.found[nameManifest].SHA256 {
		return m, ErrDamaged.With("Name", nameManifest)
	}
	if err := json.Unmarshal(r.manifest, &m); err != nil {
		return m, ErrDamaged.With("Name", nameManifest).Wrap(err)
	}
	if err := m.fits(); err != nil {
		return m, err
	}
	listed := map[string]bool{nameManifest: true, nameSum: true}
	for _, want := range m.Files {
		listed[want.Name] = true
		if r.found[want.Name] != want {
			return m, ErrDamaged.With("Name", want.Name)
		}
	}
	for name := range r.found {
		if !listed[name] {
			return m, ErrForeign.With("Name", name)
		}
	}
	return m, nil
}

// settle gives the parts their names, the database last: a folder with a database holds all that belongs to it.
func (r *reader) settle(m Manifest) error {
	moves := [][2]string{{nameKey, r.Key}, {strings.TrimSuffix(mediaFolder, "/"), r.Media}, {nameDatabase, r.Database}}
	for _, move := range moves {
		from := filepath.Join(r.staging, move[0])
		if _, err := os.Stat(from); errors.Is(err, fs.ErrNotExist) {
			continue // without photographs, or without a database
		}
		if err := os.Rename(from, move[1]); err != nil {
			return err
		}
		if err := flush(filepath.Dir(move[1])); err != nil {
			return err
		}
	}
	return nil
}
