package sign

import (
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"

	"github.com/dure-commerce/dure/internal/kit/assert"
)

// KeyBytes is the size of a root key.
const KeyBytes = 32

// derivedMax is the most that HKDF over SHA-256 gives (RFC 5869 §2.3).
const derivedMax = 255 * sha256.Size

// Derive gives n bytes that follow from the key, a label (what for) and an id (for whom), and tell nothing about each
// other: whoever learns one cannot reckon another. It is HKDF-Expand (RFC 5869) with the label's length in front, so
// that no two pairs of label and id run together.
func Derive(key []byte, label, id string, n int) []byte {
	assert.That(len(key) >= KeyBytes, "a root key is whole", "label", label, "bytes", len(key))
	assert.That(n > 0 && n <= derivedMax, "a derived key has a possible size", "label", label, "bytes", n)
	info := binary.BigEndian.AppendUint32(nil, uint32(len(label)))
	derived, err := hkdf.Expand(sha256.New, key, string(info)+label+id, n)
	assert.That(err == nil, "keys can be derived", "label", label, "error", err)
	return derived
}
