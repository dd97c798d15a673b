package sign

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// keyMode lets only the owner of the process read a key file.
const keyMode = 0o600

// Random gives n random bytes; kit/id's source does.
type Random interface{ Bytes(n int) []byte }

// LoadKey reads the root key from a file and makes the file first if there is none. Two processes that start at once
// agree on one key. It refuses a file that others may read and one that holds anything but a key: starting with a new
// key in silence would make all that was signed before worthless.
func LoadKey(path string, random Random) (Key, error) {
	key, err := readKey(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return key, err
	}
	if err := makeKey(path, random); err != nil && !errors.Is(err, fs.ErrExist) {
		return Key{}, fmt.Errorf("make key file %s: %w", path, err)
	}
	return readKey(path)
}

// KeepKey is LoadKey for a key that was given from outside, as 64 hex digits: it writes the file if there is none, and
// refuses a file with another key.
func KeepKey(path, given string) (Key, error) {
	key, ok := parse(given)
	if !ok {
		return Key{}, fmt.Errorf("the root key is not %d hex digits", 2*KeyBytes)
	}
	kept, err := LoadKey(path, fixed(key))
	if err == nil && kept != key {
		return Key{}, fmt.Errorf("key file %s holds another root key than the one given", path)
	}
	return kept, err
}

// fixed is a key as the random bytes of a new file.
type fixed Key

// Bytes gives the key.
func (f fixed) Bytes(int) []byte { return f[:] }

func parse(text string) (Key, bool) {
	raw, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(raw) != KeyBytes {
		return Key{}, false
	}
	return Key(raw), true
}

func readKey(path string) (Key, error) {
	info, err := os.Stat(path)
	if err != nil {
		return Key{}, fmt.Errorf("key file: %w", err)
	}
	if info.Mode().Perm()&^keyMode != 0 {
		return Key{}, fmt.Errorf("key file %s may be read by others (%v): chmod 600 it", path, info.Mode().Perm())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return Key{}, fmt.Errorf("key file: %w", err)
	}
	key, ok := parse(string(text))
	if !ok {
		return Key{}, fmt.Errorf("key file %s does not hold %d hex digits", path, 2*KeyBytes)
	}
	return key, nil
}

// makeKey writes the key beside its place and links it there, which fails if another process was quicker, and never
// shows a half-written file.
func makeKey(path string, random Random) error {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	fresh, err := os.CreateTemp(folder, ".key-*") // made with mode 0600
	if err != nil {
		return err
	}
	_, writeFault := fresh.WriteString(hex.EncodeToString(random.Bytes(KeyBytes)) + "\n")
	err = errors.Join(writeFault, fresh.Sync(), fresh.Close())
	if err == nil {
		err = os.Link(fresh.Name(), path)
	}
	return errors.Join(err, os.Remove(fresh.Name()), flush(folder))
}

func flush(folder string) error {
	opened, err := os.Open(folder)
	if err != nil {
		return err
	}
	return errors.Join(opened.Sync(), opened.Close())
}
