package pass

import (
	"encoding/base32"
	"strings"

	"github.com/dure-commerce/dure/internal/kit/sign"
	"github.com/dure-commerce/dure/internal/market"
	"github.com/dure-commerce/dure/internal/market/escrow/parcel"
)

// Keys derives passes from the installation's key.
type Keys struct{ Root sign.Key }

const (
	facePrefix  = "S1"
	orderPrefix = "ord_"
	bodyChars   = 26 // of an order's id
	numberChars = 8  // of an order's number
	faceProof   = 16 // characters, 80 bits
	codeProof   = 6  // characters, 30 bits: typed at a counter that bounds tries
	textMax     = 64
)

const symbols = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

var crockford = base32.NewEncoding(symbols).WithPadding(base32.NoPadding)

func (k Keys) proof(label string, id market.OrderID, chars int) string {
	return crockford.EncodeToString(sign.Derive(k.Root, label, string(id), 16))[:chars]
}

// Face is what the QR code says: the order's id with a proof.
func (k Keys) Face(id market.OrderID) string {
	return facePrefix + strings.ToUpper(strings.TrimPrefix(string(id), orderPrefix)) + k.proof("share face", id, faceProof)
}

// Code is what a member reads out: the order's number with a proof, "4KXQ-9M2P-7WE3QT".
func (k Keys) Code(id market.OrderID) string {
	_, number := parcel.KeysOf(string(id))
	number = strings.ToUpper(number)
	return number[:4] + "-" + number[4:] + "-" + k.proof("share code", id, codeProof)
}

// Scanned is what a scanned or typed text was understood as, before any look into the database.
type Scanned struct {
	OrderID market.OrderID // of a QR code, "" of a typed code
	Number  string         // of a typed code: the end of the order's id, in lower case
	proof   string
}

// Read understands a scanned or typed text; ok is false for anything that is no pass.
func Read(text string) (s Scanned, ok bool) {
	plain := clean(text)
	switch {
	case len(plain) == len(facePrefix)+bodyChars+faceProof && strings.HasPrefix(plain, facePrefix):
		body := plain[len(facePrefix) : len(facePrefix)+bodyChars]
		return Scanned{OrderID: market.OrderID(orderPrefix + strings.ToLower(body)),
			proof: plain[len(facePrefix)+bodyChars:]}, true
	case len(plain) == numberChars+codeProof:
		return Scanned{Number: strings.ToLower(plain[:numberChars]), proof: plain[numberChars:]}, true
	}
	return Scanned{}, false
}

// Fits tells whether the pass is that of an order.
func (k Keys) Fits(s Scanned, id market.OrderID) bool {
	if s.OrderID != "" {
		return s.OrderID == id && sign.Equal([]byte(s.proof), []byte(k.proof("share face", id, faceProof)))
	}
	_, number := parcel.KeysOf(string(id))
	return s.Number == number && sign.Equal([]byte(s.proof), []byte(k.proof("share code", id, codeProof)))
}

// clean upper-cases, drops blanks and hyphens, and reads letters that the alphabet leaves out as the digits they are
// mistaken for.
func clean(text string) string {
	if len(text) > textMax {
		return ""
	}
	var b strings.Builder
	for _, r := range strings.ToUpper(strings.TrimSpace(text)) {
		switch {
		case r == ' ' || r == '-':
		case r == 'O':
			b.WriteByte('0')
		case r == 'I' || r == 'L':
			b.WriteByte('1')
		case r > 127 || !strings.ContainsRune(symbols, r):
			return ""
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
