package code

import "strings"

const (
	tokenPrefix = "V1"
	tokenRunes  = 26
	tokenBytes  = 17 // 130 of 136 bits are used

	shortRunes = 10
	shortBytes = 7 // 50 of 56 bits are used
)

// TokenBytes and ShortBytes are how many random bytes Token and Short want.
const (
	TokenBytes = tokenBytes
	ShortBytes = shortBytes
)

// Token writes 130 bits of 17 random bytes as V1 and 26 characters, the text of a QR code of version 2. Fewer than 17
// bytes give ErrMalformed.
func Token(random []byte) (string, error) {
	if len(random) < tokenBytes {
		return "", ErrMalformed
	}
	return tokenPrefix + Encode(random[:tokenBytes])[:tokenRunes], nil
}

// ParseToken gives a scanned token in its one normal form.
func ParseToken(text string) (string, error) {
	folded, ok := Fold(strings.TrimSpace(text))
	if !ok || len(folded) != len(tokenPrefix)+tokenRunes || !strings.HasPrefix(folded, tokenPrefix) {
		return "", ErrMalformed
	}
	return folded, nil
}

// Short writes 50 bits of 7 random bytes as XXXX-XXXX-XXC, C being the check character. Fewer than 7 bytes give
// ErrMalformed.
func Short(random []byte) (string, error) {
	if len(random) < shortBytes {
		return "", ErrMalformed
	}
	letters := Encode(random[:shortBytes])[:shortRunes]
	return grouped(letters + string(Check(letters))), nil
}

// ParseShort gives a typed short code in its one normal form, with its hyphens.
func ParseShort(text string) (string, error) {
	folded, ok := Fold(strings.TrimSpace(text))
	if !ok || len(folded) != shortRunes+1 || Check(folded[:shortRunes]) != folded[shortRunes] {
		return "", ErrMalformed
	}
	return grouped(folded), nil
}

func grouped(letters string) string { return letters[:4] + "-" + letters[4:8] + "-" + letters[8:] }
