package blob

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/fail"
)

// What a Store answers besides nil and faults of its own.
var (
	ErrNotFound  = fail.New(fail.NotFound, "blob.not_found")
	ErrMalformed = fail.New(fail.Invalid, "blob.malformed_key")
)

// Key names a blob: 64 lower-case hex digits, the SHA-256 of its bytes.
type Key string

// KeyOf gives the key under which bytes are stored.
func KeyOf(data []byte) Key {
	sum := sha256.Sum256(data)
	return Key(hex.EncodeToString(sum[:]))
}

// Check refuses what is no key, above all anything that could be a path.
func (k Key) Check() error {
	if len(k) != 2*sha256.Size || strings.Trim(string(k), "0123456789abcdef") != "" {
		return ErrMalformed
	}
	return nil
}

// Info is what is known of a blob without reading it.
type Info struct {
	Key  Key
	Size int64 // bytes
}

// Store keeps blobs. All methods are safe for concurrent use and refuse malformed keys with ErrMalformed.
type Store interface {
	// Put stores bytes durably and gives their key; storing the same bytes again changes nothing.
	Put(ctx context.Context, data []byte) (Key, error)
	// Get opens a blob for reading from any place, or answers ErrNotFound. The caller closes it.
	Get(ctx context.Context, key Key) (io.ReadSeekCloser, error)
	// Stat tells a blob's size, or answers ErrNotFound.
	Stat(ctx context.Context, key Key) (Info, error)
	// Delete forgets a blob; one that is not there is no error.
	Delete(ctx context.Context, key Key) error
}
