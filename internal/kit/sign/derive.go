package sign

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
)

// KeyBytes is the size of a root key.
const KeyBytes = 32

// Key is a root key: random bytes, never a password.
type Key [KeyBytes]byte

// Derive gives n bytes that follow from the key, a label (what for) and an id (for whom) and tell nothing about each
// other: whoever learns one cannot reckon another. It is HKDF-Expand over SHA-256 (RFC 5869 §2.3) with the label's
// length in front, so that no two pairs of label and id run together.
func Derive(key Key, label, id string, n int) []byte {
	info := binary.BigEndian.AppendUint32(nil, uint32(len(label)))
	info = append(append(info, label...), id...)
	derived, block := make([]byte, 0, max(n, 0)+sha256.Size), []byte(nil)
	for counter := byte(1); len(derived) < n; counter++ {
		mac := hmac.New(sha256.New, key[:])
		mac.Write(block)
		mac.Write(info)
		mac.Write([]byte{counter})
		block = mac.Sum(nil)
		derived = append(derived, block...)
	}
	return derived[:max(n, 0)]
}
