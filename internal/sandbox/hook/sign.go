package hook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"time"
)

// The headers of a notice.
const (
	HeaderID        = "Tosspayments-Webhook-Transmission-Id"
	HeaderTime      = "Tosspayments-Webhook-Transmission-Time"
	HeaderRetried   = "Tosspayments-Webhook-Transmission-Retried-Count"
	HeaderSignature = "Tosspayments-Webhook-Signature"
)

// Sign writes the headers of a notice sent at the given instant.
func Sign(h http.Header, secret string, body []byte, sent Sent) {
	at := sent.At.Format(time.RFC3339)
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set(HeaderID, sent.ID)
	h.Set(HeaderTime, at)
	h.Set(HeaderRetried, strconv.Itoa(sent.Attempt))
	h.Set(HeaderSignature, "v1:"+signature(secret, body, at))
}

// Sent describes one transmission: which notice, when, and how often it failed before.
type Sent struct {
	ID      string
	At      time.Time
	Attempt int
}

func signature(secret string, body []byte, at string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	mac.Write([]byte(":" + at))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
