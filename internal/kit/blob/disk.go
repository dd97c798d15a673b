package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"sync/atomic"
)

const (
	directoryMode = 0o750
	fileMode      = 0o640
	freshFolder   = "fresh" // files being written; whatever lies here at the start is left from a crash
)

// Disk keeps blobs in a folder, a file each, spread over 256 subfolders.
type Disk struct {
	root    *os.Root
	process string
	serial  atomic.Int64
}

// OpenDisk opens a folder, making it if need be, and clears what a crash left half written. Several processes may
// share the folder only if each is given a name of its own.
func OpenDisk(folder, process string) (*Disk, error) {
	if process == "" || strings.ContainsAny(process, `/\`) {
		return nil, fmt.Errorf("blob folder: %q is no name for a process", process)
	}
	if err := os.MkdirAll(folder, directoryMode); err != nil {
		return nil, fmt.Errorf("blob folder: %w", err)
	}
	root, err := os.OpenRoot(folder)
	if err != nil {
		return nil, fmt.Errorf("blob folder: %w", err)
	}
	d := &Disk{root: root, process: process}
	if err := d.clear(); err != nil {
		return nil, errors.Join(fmt.Errorf("blob folder: %w", err), root.Close())
	}
	return d, nil
}

// clear empties this process's folder of unfinished files.
func (d *Disk) clear() error {
	fresh := path.Join(freshFolder, d.process)
	if err := d.root.RemoveAll(fresh); err != nil {
		return err
	}
	return d.root.MkdirAll(fresh, directoryMode)
}

// Close releases the folder.
func (d *Disk) Close() error { return d.root.Close() }

func place(key Key) (folder, file string) {
	folder = string(key[:2])
	return folder, path.Join(folder, string(key))
}

// Put writes a new file, flushes it, moves it to its place and flushes the folder, so that a key given out survives a
// power cut and a half-written blob is never seen.
func (d *Disk) Put(_ context.Context, data []byte) (Key, error) {
	key := KeyOf(data)
	folder, file := place(key)
	if info, err := d.root.Stat(file); err == nil && info.Size() == int64(len(data)) {
		return key, nil
	}
	if err := d.root.MkdirAll(folder, directoryMode); err != nil {
		return "", fmt.Errorf("blob %s: %w", key, err)
	}
	fresh := path.Join(freshFolder, d.process, strconv.FormatInt(d.serial.Add(1), 10))
	if err := d.write(fresh, data); err != nil {
		return "", errors.Join(fmt.Errorf("blob %s: %w", key, err), d.root.RemoveAll(fresh))
	}
	if err := d.root.Rename(fresh, file); err != nil {
		return "", fmt.Errorf("blob %s: %w", key, err)
	}
	for _, changed := range []string{folder, "."} {
		if err := d.flush(changed); err != nil {
			return "", fmt.Errorf("blob %s: %w", key, err)
		}
	}
	return key, nil
}

func (d *Disk) write(name string, data []byte) error {
	file, err := d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fileMode)
	if err != nil {
		return err
	}
	_, writeFault := file.Write(data)
	return errors.Join(writeFault, file.Sync(), file.Close())
}

// flush makes the entries of a folder durable.
func (d *Disk) flush(folder string) error {
	opened, err := d.root.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(opened.Sync(), opened.Close())
}

// Get opens the blob's file.
func (d *Disk) Get(_ context.Context, key Key) (io.ReadSeekCloser, error) {
	if err := key.Check(); err != nil {
		return nil, err
	}
	_, name := place(key)
	file, err := d.root.Open(name)
	if err != nil {
		return nil, missing(err)
	}
	return file, nil
}

// Stat looks at the blob's file.
func (d *Disk) Stat(_ context.Context, key Key) (Info, error) {
	if err := key.Check(); err != nil {
		return Info{}, err
	}
	_, name := place(key)
	info, err := d.root.Stat(name)
	if err != nil {
		return Info{}, missing(err)
	}
	return Info{key, info.Size()}, nil
}

// Delete removes the blob's file.
func (d *Disk) Delete(_ context.Context, key Key) error {
	if err := key.Check(); err != nil {
		return err
	}
	_, name := place(key)
	if err := d.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func missing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNotFound
	}
	return err
}
