package toss

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/market/payment/gateway"
)

const (
	stepWebhook = "webhook"

	headerID        = "Tosspayments-Webhook-Transmission-Id"
	headerTime      = "Tosspayments-Webhook-Transmission-Time"
	headerRetried   = "Tosspayments-Webhook-Transmission-Retried-Count"
	headerSignature = "Tosspayments-Webhook-Signature"

	// webhookAge is how far a notice's time may be from ours, on either side.
	webhookAge = 5 * time.Minute
	// WebhookMax is the longest body worth reading; the receiver bounds its reading by it.
	WebhookMax     = 256 << 10
	signaturesMax  = 8
	headerValueMax = 1024
)

// VerifyWebhook checks that a notice was signed by the gateway within the last five minutes, and reads it.
// The signature is compared in constant time, before anything of the body is believed or even parsed.
func (c *Client) VerifyWebhook(header http.Header, body []byte, now time.Time) (gateway.WebhookEvent, error) {
	sentAt := header.Get(headerTime)
	if len(body) > WebhookMax || len(sentAt) > headerValueMax || !c.signed(header.Get(headerSignature), sentAt, body) {
		return gateway.WebhookEvent{}, unverified(gateway.CodeForged)
	}
	at, err := time.Parse(time.RFC3339, sentAt)
	if age := now.Sub(at); err != nil || age > webhookAge || age < -webhookAge {
		return gateway.WebhookEvent{}, unverified(gateway.CodeStale)
	}
	return readEvent(header, body)
}

// signed reports whether one of the given signatures was made with one of our secrets.
func (c *Client) signed(given, sentAt string, body []byte) bool {
	if len(given) > headerValueMax || sentAt == "" {
		return false
	}
	parts := strings.SplitN(strings.TrimPrefix(given, "v1:"), ",", signaturesMax+1)
	found := false
	for _, secret := range c.secrets {
		mac := hmac.New(sha256.New, secret)
		mac.Write(body)
		mac.Write([]byte(":" + sentAt))
		sum := mac.Sum(nil)
		for _, part := range parts[:min(len(parts), signaturesMax)] {
			claim, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(strings.TrimSpace(part), "v1:"))
			if err == nil && hmac.Equal(claim, sum) {
				found = true
			}
		}
	}
	return found
}

func unverified(code string) error {
	return &gateway.Error{Outcome: gateway.Declined, Step: stepWebhook, Code: code}
}

func readEvent(header http.Header, body []byte) (gateway.WebhookEvent, error) {
	var envelope struct {
		EventType string          `json:"eventType"`
		CreatedAt string          `json:"createdAt"`
		Data      json.RawMessage `json:"data"`
	}
	if err := json.Unmarshal(body, &envelope); err != nil {
		return gateway.WebhookEvent{}, unverified(gateway.CodeUnreadable)
	}
	event := gateway.WebhookEvent{
		ID: header.Get(headerID), Kind: envelope.EventType, CreatedAt: instant(envelope.CreatedAt),
	}
	if n, err := strconv.Atoi(header.Get(headerRetried)); err == nil && n > 0 {
		event.Attempt = n
	}
	var err error
	switch envelope.EventType {
	case gateway.EventPaymentStatusChanged:
		var w wirePayment
		err = json.Unmarshal(envelope.Data, &w)
		event.Payment = w.payment()
	case gateway.EventPayoutStatusChanged:
		var w wireTransfer
		err = json.Unmarshal(envelope.Data, &w)
		event.Transfer = w.transfer()
	}
	if err != nil {
		return gateway.WebhookEvent{}, unverified(gateway.CodeUnreadable)
	}
	return event, nil
}
