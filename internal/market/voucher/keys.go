package voucher

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"hash"
	"strings"
	"sync"

	"github.com/dure-commerce/dure/internal/kit/assert"
	"github.com/dure-commerce/dure/internal/market"
)

// Keys derives the secrets of vouchers from one key that never stands in the database.
type Keys struct{ macs *sync.Pool }

// NewKeys takes a secret of at least 32 bytes.
func NewKeys(secret []byte) Keys {
	assert.That(len(secret) >= 32, "60 the key of vouchers has 32 bytes", "bytes", len(secret))
	// A code made once can begin again without working the key in anew, which is most of what a short text costs.
	return Keys{macs: &sync.Pool{New: func() any { return hmac.New(sha256.New, secret) }}}
}

const (
	facePrefix = "V1"
	faceChars  = 26 // 130 bits
	codeChars  = 10 // 50 bits
)

var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

func (k Keys) derive(label, text string) []byte {
	mac := k.macs.Get().(hash.Hash)
	defer k.macs.Put(mac)
	mac.Reset()
	mac.Write([]byte(label))
	mac.Write([]byte{0})
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

// Face is what the QR code says: "V1" and 26 characters.
func (k Keys) Face(id market.VoucherID) string {
	return facePrefix + crockford.EncodeToString(k.derive("voucher face", string(id)))[:faceChars]
}

// Code is the short code without its grouping: 10 characters and a check character.
func (k Keys) Code(id market.VoucherID) string {
	body := crockford.EncodeToString(k.derive("voucher code", string(id)))[:codeChars]
	return body + string(CheckCharacter(body))
}

// HashFace is what the database stores of a face.
func (k Keys) HashFace(face string) string {
	return hex.EncodeToString(k.derive("face hash", face)[:20])
}

// HashCode is what the database stores of a short code.
func (k Keys) HashCode(code string) string {
	return hex.EncodeToString(k.derive("code hash", code)[:20])
}

// Hash is the keyed hash under which a scanned or typed text is looked up.
func (k Keys) Hash(s Scanned) string {
	if s.Face != "" {
		return k.HashFace(s.Face)
	}
	return k.HashCode(s.Code)
}

// Grouped writes a short code as people read it: "K7PM-3XQ9-2FG".
func Grouped(code string) string {
	if len(code) != codeChars+1 {
		return code
	}
	return code[:4] + "-" + code[4:8] + "-" + code[8:]
}

const symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// CheckCharacter guards a typed code: a weighted sum over GF(32), which finds every single wrong character and every
// swap of neighbours.
func CheckCharacter(body string) byte {
	sum := byte(0)
	for i := range len(body) {
		sum = double(sum) ^ byte(strings.IndexByte(symbols, body[i]))
	}
	return symbols[double(sum)]
}

// double multiplies by x in GF(32) modulo x^5+x^2+1.
func double(v byte) byte {
	v <<= 1
	if v&32 != 0 {
		v ^= 0b100101
	}
	return v & 31
}

// Scanned is what a scan or a typed text was understood as, before any look into the database.
type Scanned struct {
	Face string // a QR code's text, or ""
	Code string // a short code, or ""
}

// Read understands a scanned or typed text purely; anything else is unknown.
func Read(text string) (Scanned, bool) {
	text = clean(text)
	switch {
	case len(text) == len(facePrefix)+faceChars && strings.HasPrefix(text, facePrefix):
		return Scanned{Face: text}, true
	case len(text) == codeChars+1:
		if CheckCharacter(text[:codeChars]) == text[codeChars] {
			return Scanned{Code: text}, true
		}
	}
	return Scanned{}, false
}

// clean upper-cases, drops spaces and hyphens, and reads the letters that Crockford's alphabet leaves out as the digits
// they are mistaken for. "V" and "U" stay: "V1" must survive and U is no symbol.
func clean(text string) string {
	if len(text) > 64 {
		return ""
	}
	var b strings.Builder
	for _, r := range strings.ToUpper(strings.TrimSpace(text)) {
		switch r {
		case ' ', '-':
		case 'O':
			b.WriteByte('0')
		case 'I', 'L':
			b.WriteByte('1')
		default:
			if r > 127 || !strings.ContainsRune(symbols, r) {
				return ""
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}
