package code

import (
	"strings"

	"github.com/dure-commerce/dure/internal/kit/fail"
)

// ErrMalformed is a code that cannot be right whatever it stands for: wrong length, character or check.
var ErrMalformed = fail.New(fail.Invalid, "code.malformed")

// Alphabet is Crockford's: digits and letters without I, L, O and U, which are misread or misspelt.
const Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const bitsPerRune = 5

// Encode writes bytes as base 32, the last character padded with zero bits; n bytes give (8n+4)/5 characters.
func Encode(data []byte) string {
	out := make([]byte, 0, (8*len(data)+bitsPerRune-1)/bitsPerRune)
	buffer, bits := uint(0), 0
	for _, b := range data {
		buffer, bits = buffer<<8|uint(b), bits+8
		for bits >= bitsPerRune {
			bits -= bitsPerRune
			out = append(out, Alphabet[buffer>>bits&31])
		}
		buffer &= 1<<bits - 1
	}
	if bits > 0 {
		out = append(out, Alphabet[buffer<<(bitsPerRune-bits)&31])
	}
	return string(out)
}

// Decode reads what Encode wrote, forgiving as Fold is. It refuses lengths and padding that Encode never makes.
func Decode(text string) ([]byte, error) {
	folded, ok := Fold(text)
	if !ok {
		return nil, ErrMalformed
	}
	out := make([]byte, 0, len(folded)*bitsPerRune/8)
	buffer, bits := uint(0), 0
	for i := range len(folded) {
		buffer, bits = buffer<<bitsPerRune|uint(strings.IndexByte(Alphabet, folded[i])), bits+bitsPerRune
		if bits >= 8 {
			bits -= 8
			out = append(out, byte(buffer>>bits))
			buffer &= 1<<bits - 1
		}
	}
	if bits >= bitsPerRune || buffer != 0 {
		return nil, ErrMalformed
	}
	return out, nil
}

// Fold turns what a person typed into the alphabet: upper case, O as 0, I and L as 1, without hyphens and spaces.
// It is false if anything else is left.
func Fold(text string) (string, bool) {
	out := make([]byte, 0, len(text))
	for _, r := range text {
		switch {
		case r == '-' || r == ' ' || r == '\u00a0' || r == '\u2010' || r == '\u2011' || r == '\u2013' || r == '\u3000':
			continue
		case r >= 'ａ' && r <= 'ｚ' || r >= 'Ａ' && r <= 'Ｚ' || r >= '０' && r <= '９':
			r -= 'Ａ' - 'A' // the wide letters of a Korean keyboard
		}
		if r >= 'a' && r <= 'z' {
			r -= 'a' - 'A'
		}
		switch r {
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		}
		if r > 'Z' || strings.IndexByte(Alphabet, byte(r)) < 0 {
			return "", false
		}
		out = append(out, byte(r))
	}
	return string(out), true
}
