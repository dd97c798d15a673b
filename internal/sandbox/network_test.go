package sandbox_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/sandbox"
)

// overTCP sends one confirm through a real connection; ctx is the caller's patience.
func (w *world) overTCP(ctx context.Context, url, key string, body fields) (status int, err error) {
	w.Helper()
	text := `{"paymentKey":"` + body["paymentKey"].(string) + `","orderId":"order-1","amount":9900}`
	r, err := http.NewRequestWithContext(ctx, "POST", url+"/v1/payments/confirm", strings.NewReader(text))
	if err != nil {
		return 0, err
	}
	r.GetBody = nil
	r.SetBasicAuth(sandbox.DefaultSecretKey, "")
	r.Header.Set("Idempotency-Key", key)
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	return got.StatusCode, got.Body.Close()
}

// TestSecondRequestWhileTheFirstIsAnswered gets 409 until the first is done, and then the kept answer.
func TestSecondRequestWhileTheFirstIsAnswered(t *testing.T) {
	w := newWorld(t, func(o *sandbox.Options) { o.SlowFor = time.Hour })
	server := httptest.NewServer(w.box.Handler())
	defer server.Close()
	body := w.authorised("order-1", 9_900, "slow")
	impatient, leave := context.WithCancel(t.Context())
	left := make(chan error, 1)
	go func() {
		_, err := w.overTCP(impatient, server.URL, "k", body)
		left <- err
	}()
	for tries := 0; w.books().won("captured") == 0; tries++ { // until the first has charged and is slow to say so
		if tries > 1_000_000 {
			t.Fatal("never charged")
		}
	}
	status, err := w.overTCP(t.Context(), server.URL, "k", body)
	is(w, "second request", status, http.StatusConflict)
	is(w, "second request's error", err, nil)
	leave()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("first request: %v", err)
	}
	for tries := 0; status == http.StatusConflict && err == nil && tries < 100_000; tries++ {
		status, err = w.overTCP(t.Context(), server.URL, "k", body)
	}
	is(w, "later", status, http.StatusOK)
	is(w, "captured", w.books().won("captured"), 9_900)
}

// TestSuppressedAnswerCutsTheConnection over TCP, at once or when the caller's patience ends.
func TestSuppressedAnswerCutsTheConnection(t *testing.T) {
	for name, hang := range map[string]time.Duration{"at once": -1, "after a while": time.Hour} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, func(o *sandbox.Options) { o.HangFor = hang })
			server := httptest.NewServer(w.box.Handler())
			defer server.Close()
			body := w.authorised("order-1", 9_900, "timeout_charged")
			patience, cancel := context.WithCancel(t.Context())
			defer cancel()
			if hang > 0 {
				patience, cancel = context.WithTimeout(t.Context(), 50*time.Millisecond)
				defer cancel()
			}
			if status, err := w.overTCP(patience, server.URL, "k", body); err == nil {
				t.Fatalf("answered with %d", status)
			}
			status, err := w.overTCP(t.Context(), server.URL, "k", body)
			is(w, "error of the repetition", err, nil)
			is(w, "repetition", status, http.StatusOK)
			is(w, "captured", w.books().won("captured"), 9_900)
		})
	}
}

// TestSendersShareTheOutbox: several senders at once send each notice once.
func TestSendersShareTheOutbox(t *testing.T) {
	w := newWorld(t, inFile(t))
	const payments = 40
	key := ""
	for range payments {
		key += "x"
		w.paid("order-"+key, 1_000)
	}
	var senders sync.WaitGroup
	for range 4 {
		senders.Go(func() {
			for _, worker := range w.box.Workers() {
				for worked := worker.Name == "webhook"; worked; {
					var err error
					if worked, err = worker.RunOnce(t.Context()); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	senders.Wait()
	seen := map[string]bool{}
	for _, n := range w.notices() {
		seen[n.id] = true
	}
	is(w, "notices", len(seen), payments)
	is(w, "left", w.books().won("webhooksLeft"), 0)
}

func TestOpenDoor(t *testing.T) {
	for _, listen := range []string{"0.0.0.0:0", ":0", "[::]:0"} {
		err := sandbox.Run(t.Context(), sandbox.Options{Listen: listen, Memory: true})
		if !errors.Is(err, sandbox.ErrOpenDoor) && !isUnsupported(err) {
			t.Errorf("%s with a public key: %v", listen, err)
		}
	}
	ended, stop := context.WithCancel(t.Context())
	o := sandbox.Options{Listen: "0.0.0.0:0", Memory: true, SecretKey: "test_sk_mine", Ready: func(string) { stop() }}
	if err := sandbox.Run(ended, o); err != nil {
		t.Errorf("with a key of one's own: %v", err)
	}
}

// isUnsupported reports a machine without IPv6.
func isUnsupported(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "listen"
}

func TestTestersHandles(t *testing.T) {
	w := newWorld(t, nil)
	w.fault(fields{"target": "order-1", "steps": fields{"confirm": fields{"mode": "slow", "times": 2}}})
	w.fault(fields{"webhook": fields{"copies": 3}})
	if text := w.ok("GET", "/sandbox/faults", nil).text; !strings.Contains(text, `"order-1"`) ||
		!strings.Contains(text, `"copies":3`) {
		t.Errorf("faults: %s", text)
	}
	is(w, "cleared", w.ok("DELETE", "/sandbox/faults", nil).text, "[]")
	w.paid("order-1", 1_000)
	if text := w.ok("GET", "/sandbox/webhooks?state=waiting", nil).text; strings.Count(text, `"order-1"`) != 1 {
		t.Errorf("webhooks: %s", text)
	}
	if text := w.ok("GET", "/sandbox/crash-points", nil).text; !strings.Contains(text, "confirm.after_charge") {
		t.Errorf("crash points: %s", text)
	}
	is(w, "steps", w.ok("POST", "/sandbox/settle", fields{}).won("steps"), 1)
	is(w, "a clock that moves by itself", w.call("PUT", "/sandbox/clock", fields{"at": noon}).status, 404)
	is(w, "bad limit", w.call("GET", "/sandbox/webhooks?limit=x", nil).status, 400)
}
