package sandbox_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/sandbox"
)

// noon is a Wednesday at noon in Seoul; the next days are business days.
var noon = time.Date(2026, 10, 14, 3, 0, 0, 0, time.UTC)

// world is a sandbox, a caller of its API and a receiver of its notices.
type world struct {
	*testing.T
	box     *sandbox.Sandbox
	options sandbox.Options
	clock   *clock.Fake

	mu       sync.Mutex
	received []*http.Request
	bodies   [][]byte
	answers  []int  // what the receiver answers next, 200 when empty
	onNotice func() // called while a notice is on its way
}

func newWorld(t *testing.T, change func(o *sandbox.Options)) *world {
	t.Helper()
	now := clock.NewFake(noon)
	w := &world{T: t, clock: now}
	w.options = sandbox.Options{
		Memory: true, Clock: now, IDs: id.Seeded(now, 3), WebhookURL: "http://dure.example/hook", WebhookTransport: w,
		SlowFor: -1, HangFor: -1, Relaxed: true,
	}
	if change != nil {
		change(&w.options)
	}
	w.open()
	t.Cleanup(func() {
		if err := w.box.Close(); err != nil {
			t.Error(err)
		}
	})
	return w
}

// inFile makes the sandbox keep its state in a file, so that it can be restarted.
func inFile(t *testing.T) func(o *sandbox.Options) {
	return func(o *sandbox.Options) {
		o.Memory, o.URL = false, "sqlite:"+filepath.Join(t.TempDir(), "sandbox.db")
	}
}

func (w *world) open() {
	w.Helper()
	box, err := sandbox.New(w.Context(), w.options)
	if err != nil {
		w.Fatal(err)
	}
	w.box = box
}

// restart ends the sandbox and opens it again from its file.
func (w *world) restart() {
	w.Helper()
	if err := w.box.Close(); err != nil {
		w.Fatal(err)
	}
	w.open()
}

// RoundTrip is the receiver of notices.
func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if w.onNotice != nil {
		w.onNotice()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.received, w.bodies = append(w.received, r), append(w.bodies, body)
	status := http.StatusOK
	if len(w.answers) > 0 {
		status, w.answers = w.answers[0], w.answers[1:]
	}
	return &http.Response{StatusCode: status, Body: http.NoBody, Request: r}, nil
}

// answer is what a call got; status 0 means that the conversation broke off.
type answer struct {
	status int
	text   string
	fields map[string]any
}

func (a answer) text1(name string) string { s, _ := a.fields[name].(string); return s }
func (a answer) won(name string) int64    { n, _ := a.fields[name].(float64); return int64(n) }

// under gives a number inside an object of the answer.
func (a answer) under(name, field string) int64 {
	inner, _ := a.fields[name].(map[string]any)
	n, _ := inner[field].(float64)
	return int64(n)
}

// call speaks to the API; pairs are header names and values.
func (w *world) call(method, path string, body any, pairs ...string) answer {
	w.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		w.Fatal(err)
	}
	r, err := http.NewRequestWithContext(w.Context(), method, "http://sandbox.example"+path, bytes.NewReader(text))
	if err != nil {
		w.Fatal(err)
	}
	r.SetBasicAuth(sandbox.DefaultSecretKey, "")
	for i := 0; i+1 < len(pairs); i += 2 {
		r.Header.Set(pairs[i], pairs[i+1])
	}
	return w.send(r)
}

func (w *world) send(r *http.Request) answer {
	w.Helper()
	got, err := w.box.Transport().RoundTrip(r)
	if err != nil {
		return answer{}
	}
	raw, err := io.ReadAll(got.Body)
	if err != nil {
		w.Fatal(err)
	}
	a := answer{status: got.StatusCode, text: string(raw)}
	if strings.HasPrefix(a.text, "{") {
		if err := json.Unmarshal(raw, &a.fields); err != nil {
			w.Fatal(err)
		}
	}
	return a
}

// ok calls and fails unless the answer is 200.
func (w *world) ok(method, path string, body any, pairs ...string) answer {
	w.Helper()
	a := w.call(method, path, body, pairs...)
	if a.status != http.StatusOK {
		w.Fatalf("%s %s: %d %s", method, path, a.status, a.text)
	}
	return a
}

func (w *world) settle() {
	w.Helper()
	if _, err := w.box.Settle(w.Context()); err != nil {
		w.Fatal(err)
	}
}

type fields = map[string]any

// checkout prepares an order and gives the checkout's key.
func (w *world) checkout(order string, won int64) string {
	w.Helper()
	return w.ok("POST", "/sandbox/checkouts", checkoutBody(order, won)).text1("checkoutKey")
}

func checkoutBody(order string, won int64) fields {
	return fields{
		"orderId": order, "orderName": "동네 빵집 식빵", "amount": won, "currency": "KRW", "customerKey": "acc_1",
		"successUrl": "https://dure.example/paid?from=pg", "failUrl": "https://dure.example/failed",
	}
}

// authorised prepares an order, lets the payer choose, and gives the body of the confirm.
func (w *world) authorised(order string, won int64, instrument string) fields {
	w.Helper()
	key := w.checkout(order, won)
	a := w.ok("POST", "/sandbox/checkouts/"+key+"/authorize", fields{"instrument": instrument})
	return fields{"paymentKey": a.text1("paymentKey"), "orderId": order, "amount": won}
}

// paid gives the key of a captured payment.
func (w *world) paid(order string, won int64) string {
	w.Helper()
	return w.ok("POST", "/v1/payments/confirm", w.authorised(order, won, "ok")).text1("paymentKey")
}

func (w *world) fault(plan fields) {
	w.Helper()
	w.ok("PUT", "/sandbox/faults", plan)
}

// books fetches the sandbox's sums and checks what must hold whatever happened.
func (w *world) books() answer {
	w.Helper()
	b := w.ok("GET", "/sandbox/books", nil)
	if b.won("accountsSum") != 0 {
		w.Fatalf("the bank's accounts do not sum to zero: %s", b.text)
	}
	return b
}

// is fails unless both are the same.
func is[T comparable](w *world, what string, got, want T) {
	w.Helper()
	if got != want {
		w.Fatalf("%s is %v, want %v", what, got, want)
	}
}
