package id

import (
	"bufio"
	"crypto/rand"
	"io"
	randv2 "math/rand/v2"
	"sync"

	"github.com/dure-commerce/dure/internal/kit/assert"
	"github.com/dure-commerce/dure/internal/kit/clock"
)

// Source makes identifiers and random bytes.
type Source interface {
	// New gives prefix + "_" + 26 characters, sorted by time and unique.
	New(prefix string) string
	// Bytes gives n random bytes.
	Bytes(n int) []byte
}

const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

type source struct {
	mu     sync.Mutex
	clock  clock.Clock
	random io.Reader
	lastMS int64
	tail   [10]byte
}

// NewSource draws from the given clock and random stream.
func NewSource(c clock.Clock, random io.Reader) Source {
	return &source{clock: c, random: bufio.NewReaderSize(random, 4096)}
}

// System draws from the machine's randomness.
func System(c clock.Clock) Source { return NewSource(c, rand.Reader) }

// Seeded repeats the same identifiers for the same seed and the same clock readings.
func Seeded(c clock.Clock, seed uint64) Source {
	var key [32]byte
	for i := range 8 {
		key[i] = byte(seed >> (8 * i))
	}
	return NewSource(c, randv2.NewChaCha8(key))
}

func (s *source) Bytes(n int) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	b := make([]byte, n)
	s.fill(b)
	return b
}

func (s *source) fill(b []byte) {
	_, err := io.ReadFull(s.random, b)
	// Identifiers without randomness would be guessable: there is no safe way on.
	assert.That(err == nil, "62 the source of chance answers", "error", err)
}

func (s *source) New(prefix string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	ms := s.clock.Now().UnixMilli()
	if ms > s.lastMS {
		s.lastMS = ms
		s.fill(s.tail[:])
		s.tail[0] &= 0x0f // room to count up before the version bits would overflow
	} else {
		// Within one millisecond, and when the clock steps back, count on: ids of one source never go backwards.
		ms = s.lastMS
		var step [1]byte
		s.fill(step[:])
		add(&s.tail, 1+uint16(step[0]))
	}
	var raw [16]byte
	for i := range 6 {
		raw[i] = byte(ms >> (40 - 8*i))
	}
	copy(raw[6:], s.tail[:])
	raw[6] = 0x70 | raw[6]&0x0f
	raw[8] = 0x80 | raw[8]&0x3f
	return prefix + "_" + encode(raw)
}

// add counts the tail up over its free bits: byte 2 carries the variant, so it is kept below 64.
func add(tail *[10]byte, n uint16) {
	carry := n
	for i := 9; i >= 0 && carry > 0; i-- {
		limit := uint16(256)
		switch i {
		case 2:
			limit = 64
			tail[i] &= 0x3f
		case 0:
			limit = 16
			tail[i] &= 0x0f
		}
		sum := uint16(tail[i]) + carry
		tail[i] = byte(sum % limit)
		carry = sum / limit
	}
}

// encode writes 128 bits as 26 base32 characters, most significant first.
func encode(raw [16]byte) string {
	var out [26]byte
	var acc uint16
	bits, pos := 2, 0 // 130 bits are written: two leading zero bits
	for _, b := range raw {
		acc = acc<<8 | uint16(b)
		bits += 8
		for bits >= 5 {
			bits -= 5
			out[pos] = alphabet[acc>>bits&31]
			pos++
		}
		acc &= 1<<bits - 1
	}
	return string(out[:])
}

// Valid reports whether s has the shape of an identifier with the given prefix; it says nothing of existence.
func Valid(prefix, s string) bool {
	if len(s) != len(prefix)+27 || s[:len(prefix)] != prefix || s[len(prefix)] != '_' {
		return false
	}
	for _, c := range []byte(s[len(prefix)+1:]) {
		if (c < '0' || c > '9') && (c < 'a' || c > 'z' || c == 'i' || c == 'l' || c == 'o' || c == 'u') {
			return false
		}
	}
	return true
}
