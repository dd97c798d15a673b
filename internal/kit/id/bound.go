package id

import "time"

// From gives a text that sorts at or before every identifier of the prefix made in the millisecond of t or later, and
// after those made earlier. Identifiers of another machine follow that machine's clock.
func From(prefix string, t time.Time) string {
	ms := t.UnixMilli()
	// The first ten characters hold two zero bits and the 48 bits of the milliseconds.
	var out [10]byte
	for i := len(out) - 1; i >= 0; i-- {
		out[i] = alphabet[ms&31]
		ms >>= 5
	}
	return prefix + "_" + string(out[:])
}
