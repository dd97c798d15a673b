package sign

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
)

// What Verify answers.
var (
	ErrBadSignature = fail.New(fail.Unauthenticated, "sign.bad_signature")
	ErrStale        = fail.New(fail.Unauthenticated, "sign.stale")
)

// signaturesMax bounds how many signatures of one header are compared.
const signaturesMax = 4

// Sign gives the header value for a message sent at an instant: "t=SECONDS,v1=HEX", an HMAC-SHA-256 over the seconds,
// a dot and the body.
func Sign(key []byte, at time.Time, body []byte) string {
	seconds := strconv.FormatInt(at.Unix(), 10)
	return "t=" + seconds + ",v1=" + hex.EncodeToString(digest(key, seconds, body))
}

func digest(key []byte, seconds string, body []byte) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(seconds + "."))
	mac.Write(body)
	return mac.Sum(nil)
}

// Verify checks a header of the form Sign gives against the body as it came, before anything reads it. Any of the keys
// may have signed (so that keys can be changed without a gap), comparison takes the same time wherever it fails, and
// a message further than tolerance from now answers ErrStale.
func Verify(keys [][]byte, header string, body []byte, now time.Time, tolerance time.Duration) error {
	seconds, signatures := takeApart(header)
	at, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil || len(signatures) == 0 {
		return ErrBadSignature
	}
	matched := false
	for _, key := range keys {
		want := digest(key, seconds, body)
		for _, signature := range signatures {
			if hmac.Equal(want, signature) {
				matched = true
			}
		}
	}
	if !matched {
		return ErrBadSignature
	}
	if distance := now.Sub(time.Unix(at, 0)).Abs(); distance > tolerance {
		return ErrStale
	}
	return nil
}

// takeApart reads t and every v1; other versions are passed over, and so is what is not hex.
func takeApart(header string) (seconds string, signatures [][]byte) {
	for _, part := range strings.Split(header, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch name {
		case "t":
			seconds = value
		case "v1":
			if raw, err := hex.DecodeString(value); err == nil && len(signatures) < signaturesMax {
				signatures = append(signatures, raw)
			}
		}
	}
	return seconds, signatures
}

// Equal compares two secrets in time that depends on their lengths only.
func Equal(a, b []byte) bool { return hmac.Equal(a, b) }
