package toss_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/market/payment/gateway/gatewaytest"
	"github.com/dure-commerce/dure/internal/market/payment/toss"
	"github.com/dure-commerce/dure/internal/sandbox"
)

// A Wednesday at noon in Seoul; the next days are business days.
var noon = time.Date(2026, 10, 14, 3, 0, 0, 0, time.UTC)

const secret = "test_whsec_toss"

// world is a sandbox and a client of it, without a network in between.
type world struct {
	*sandbox.Sandbox
	client *toss.Client
	clock  *clock.Fake

	mu      sync.Mutex
	notices []gatewaytest.Notice
	status  int // what the receiver answers
}

func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.notices = append(w.notices, gatewaytest.Notice{Header: r.Header.Clone(), Body: body})
	rec := httptest.NewRecorder()
	rec.WriteHeader(w.status)
	return rec.Result(), nil
}

func (w *world) taken() []gatewaytest.Notice {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := w.notices
	w.notices = nil
	return out
}

func newWorld(t *testing.T, change func(o *sandbox.Options)) *world {
	t.Helper()
	w := &world{clock: clock.NewFake(noon), status: http.StatusOK}
	o := sandbox.Options{
		Memory: true, Clock: w.clock, IDs: id.Seeded(w.clock, 7), WebhookURL: "http://dure.example/hook/toss",
		WebhookSecret: secret, WebhookTransport: w, SlowFor: -1, HangFor: -1,
	}
	if change != nil {
		change(&o)
	}
	var err error
	if w.Sandbox, err = sandbox.New(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	w.client, err = toss.New(toss.Options{
		URL: "http://sandbox.example", SecretKey: sandbox.DefaultSecretKey, WebhookSecret: []string{"old", secret},
		Transport: w.Transport(),
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) settle(t *testing.T) {
	t.Helper()
	if _, err := w.Settle(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func (w *world) suite(t *testing.T) gatewaytest.World {
	return gatewaytest.World{
		Gateway: w.client, Simulator: w.client, Settle: func() { w.settle(t) },
		Advance: func(d time.Duration) { w.clock.Advance(d) }, Notices: w.taken, Now: w.clock.Now,
	}
}

func TestConformance(t *testing.T) {
	for name, change := range map[string]func(o *sandbox.Options){
		"in memory": nil,
		"in a file": func(o *sandbox.Options) { o.Memory, o.Relaxed = false, true },
	} {
		t.Run(name, func(t *testing.T) {
			gatewaytest.Run(t, func(t *testing.T) gatewaytest.World { return newWorld(t, change).suite(t) })
		})
	}
}
