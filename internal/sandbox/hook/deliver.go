package hook

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/dure-commerce/dure/internal/sandbox/fault"
	"github.com/dure-commerce/dure/internal/sandbox/record"
)

const (
	sendTimeout   = 10 * time.Second // what the real gateway allows a receiver
	staleBy       = 10 * time.Minute
	forgedSecret  = "not-the-secret"
	answerCapture = 4 << 10
)

// Sender delivers the outbox's notices, one at a time for each call of RunOnce.
type Sender struct {
	Store  *record.Store
	Outbox *Outbox
	URL    string
	Secret string
	Minute time.Duration     // unit of the retry ladder
	Client http.RoundTripper // nil uses the default transport
	Crash  *fault.Crasher
}

// RunOnce sends the next due notice; worked is false when none is due. Not being received is no error.
func (s *Sender) RunOnce(ctx context.Context) (worked bool, err error) {
	var d Delivery
	var now time.Time
	err = s.Store.Do(ctx, func(tx *record.Tx) {
		now = tx.Now()
		d, worked = s.Outbox.claim(now)
	})
	if err != nil || !worked {
		return false, err
	}
	s.Crash.Reach(fault.WebhookBefore)
	status := s.send(ctx, d, now)
	s.Crash.Reach(fault.WebhookAfter)
	return true, s.Store.Do(context.WithoutCancel(ctx), func(tx *record.Tx) {
		s.Outbox.settle(tx, d.ID, status, s.Minute)
	})
}

// send gives the receiver's HTTP status, 0 when it did not answer.
func (s *Sender) send(ctx context.Context, d Delivery, now time.Time) int {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	body, secret := []byte(d.Body), s.Secret
	sent := Sent{ID: d.Notice, At: now.In(seoul), Attempt: d.Attempt}
	switch d.Extra {
	case fault.ExtraForged:
		body, secret = alter(body), forgedSecret
	case fault.ExtraStale:
		sent.At = sent.At.Add(-staleBy)
	}
	header := http.Header{}
	Sign(header, secret, body, sent)
	if d.Extra == fault.ExtraAltered {
		body = alter(body)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, bytes.NewReader(body))
	if err != nil {
		return 0
	}
	request.Header = header
	client := http.Client{Transport: s.Client, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	answer, err := client.Do(request)
	if err != nil {
		return 0
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.CopyN(io.Discard, answer.Body, answerCapture) // so that the connection is used again
	return answer.StatusCode
}

// alter changes what a thief would change: the amount and the state.
func alter(body []byte) []byte {
	var event map[string]any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if err := decoder.Decode(&event); err != nil {
		return append(body, ' ')
	}
	if data, ok := event["data"].(map[string]any); ok {
		data["status"], data["totalAmount"], data["balanceAmount"] = "DONE", 100, 100
	}
	changed, err := json.Marshal(event)
	if err != nil {
		return append(body, ' ')
	}
	return changed
}
