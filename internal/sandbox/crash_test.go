package sandbox_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/sandbox"
)

// childEnv makes the test binary be a sandbox instead of a test: database, webhook address, crash point and time.
const childEnv = "DURE_SANDBOX_TEST_CHILD"

type childOptions struct {
	Database, Webhook, CrashAt string
	At                         time.Time
}

func TestMain(m *testing.M) {
	if text := os.Getenv(childEnv); text != "" {
		if err := child(text); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		return
	}
	m.Run() // its result becomes the process's exit code when TestMain returns
}

// child serves until it is killed; its workers run only when POST /sandbox/settle says so.
func child(text string) error {
	var in childOptions
	if err := json.Unmarshal([]byte(text), &in); err != nil {
		return err
	}
	box, err := sandbox.New(context.Background(), sandbox.Options{
		URL: in.Database, WebhookURL: in.Webhook, Manual: clock.NewFake(in.At), CrashAt: in.CrashAt,
		Exit: func(int) {
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL) // harder than any exit
			select {}
		},
	})
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintln(os.Stdout, "http://"+listener.Addr().String())
	return http.Serve(listener, box.Handler())
}

// mortal is a sandbox in a process of its own that is started again whenever it dies.
type mortal struct {
	*testing.T
	options childOptions
	process *exec.Cmd
	url     string
	deaths  int
	keys    int

	mu      sync.Mutex
	notices map[string]int // how often each notice was received
}

func newMortal(t *testing.T, crashAt string) *mortal {
	m := &mortal{T: t, notices: map[string]int{}}
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.notices[r.Header.Get("tosspayments-webhook-transmission-id")]++
	}))
	t.Cleanup(hook.Close)
	m.options = childOptions{
		Database: "sqlite:" + filepath.Join(t.TempDir(), "sandbox.db"), Webhook: hook.URL, CrashAt: crashAt, At: noon,
	}
	m.start()
	t.Cleanup(func() {
		_ = m.process.Process.Kill()
		_ = m.process.Wait()
	})
	return m
}

func (m *mortal) start() {
	m.Helper()
	text, err := json.Marshal(m.options)
	if err != nil {
		m.Fatal(err)
	}
	m.process = exec.CommandContext(m.Context(), os.Args[0])
	m.process.Env = append(os.Environ(), childEnv+"="+string(text))
	m.process.Stderr = os.Stderr
	out, err := m.process.StdoutPipe()
	if err != nil {
		m.Fatal(err)
	}
	if err := m.process.Start(); err != nil {
		m.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		m.Fatalf("the sandbox did not start: %v", err)
	}
	m.url = strings.TrimSpace(line)
}

// reborn notes the death, which must be a killing, and starts the sandbox again without a crash point.
func (m *mortal) reborn() {
	m.Helper()
	_ = m.process.Wait()
	status, _ := m.process.ProcessState.Sys().(syscall.WaitStatus)
	if !status.Signaled() || status.Signal() != syscall.SIGKILL {
		m.Fatalf("the sandbox ended by itself: %v", m.process.ProcessState)
	}
	m.deaths++
	m.options.CrashAt = ""
	m.start()
}

// post asks until there is an answer, with one idempotency key, as the platform does after an unknown outcome.
func (m *mortal) post(path string, body fields) answer {
	m.Helper()
	m.keys++
	return m.ask("POST", path, body, fmt.Sprintf("key-%d", m.keys))
}

func (m *mortal) ask(method, path string, body any, key string) answer {
	m.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		m.Fatal(err)
	}
	for range 3 {
		r, err := http.NewRequestWithContext(m.Context(), method, m.url+path, bytes.NewReader(text))
		if err != nil {
			m.Fatal(err)
		}
		r.GetBody = nil
		r.SetBasicAuth(sandbox.DefaultSecretKey, "")
		if key != "" {
			r.Header.Set("Idempotency-Key", key)
		}
		got, err := http.DefaultClient.Do(r)
		if err != nil {
			m.reborn()
			continue
		}
		raw, err := io.ReadAll(got.Body)
		_ = got.Body.Close()
		if err != nil {
			m.reborn()
			continue
		}
		a := answer{status: got.StatusCode, text: string(raw)}
		if a.status != http.StatusOK {
			m.Fatalf("%s %s: %d %s", method, path, a.status, a.text)
		}
		if strings.HasPrefix(a.text, "{") {
			if err := json.Unmarshal(raw, &a.fields); err != nil {
				m.Fatal(err)
			}
		}
		return a
	}
	m.Fatalf("%s %s: no answer", method, path)
	return answer{}
}

func (m *mortal) advance(d time.Duration) {
	m.Helper()
	m.options.At = m.options.At.Add(d)
	m.ask("PUT", "/sandbox/clock", fields{"at": m.options.At}, "")
	m.ask("POST", "/sandbox/settle", fields{}, "")
}

// TestKilledAtEachPoint lives one life of money (capital, payment, partial cancel, pay-out, bounce, settlement) and is
// killed at each numbered point in turn. However it dies, the books at the end are the same to the won.
func TestKilledAtEachPoint(t *testing.T) {
	want := ""
	for _, point := range append([]string{""}, crashNames()...) {
		name := point
		if name == "" {
			name = "not killed"
		}
		t.Run(name, func(t *testing.T) {
			m := newMortal(t, point)
			got := m.life()
			if point == "" {
				want = got
			} else if m.deaths != 1 {
				t.Fatalf("killed %d times", m.deaths)
			}
			if got != want {
				t.Errorf("books\n%s\nwithout the kill\n%s", got, want)
			}
			for notice, times := range m.notices {
				if times > 1 && point != "webhook.after_send" {
					t.Errorf("notice %s was sent %d times", notice, times)
				}
			}
		})
	}
}

func crashNames() []string {
	var names []string
	for _, p := range sandbox.CrashPoints() {
		names = append(names, string(p.Point))
	}
	return names
}

func (m *mortal) life() string {
	m.Helper()
	m.post("/bank/deposits", fields{"ref": "capital", "accountId": "custody", "amount": 50_000})
	m.ask("PUT", "/sandbox/faults", fields{"target": "pyt_2", "steps": fields{"execution": fields{"mode": "bounce"}}}, "")
	checkout := m.post("/sandbox/checkouts", checkoutBody("order-1", 19_900)).text1("checkoutKey")
	key := m.post("/sandbox/checkouts/"+checkout+"/authorize", fields{"instrument": "ok"}).text1("paymentKey")
	m.post("/v1/payments/confirm", fields{"paymentKey": key, "orderId": "order-1", "amount": 19_900})
	m.post("/v1/payments/"+key+"/cancel", fields{"cancelReason": "변심", "cancelAmount": 6_633})
	m.post("/bank/transfers", transferBody("pyt_1", 7_000))
	m.post("/bank/transfers", transferBody("pyt_2", 3_000))
	for range 3 {
		m.advance(24 * time.Hour)
	}
	b := m.ask("GET", "/sandbox/books", nil, "")
	entries := m.ask("GET", "/bank/accounts/custody/entries", nil, "").fields["entries"].([]any)
	text := fmt.Sprintf("done %d left %d notices %d;", b.under("payments", "PARTIAL_CANCELED"), b.won("webhooksLeft"),
		len(m.notices))
	for _, name := range []string{"captured", "canceled", "settledGross", "settledFee", "paidOut", "unsettledGross"} {
		text += fmt.Sprintf(" %s %d", name, b.won(name))
	}
	for _, e := range entries {
		text += fmt.Sprintf("; %v %v", e.(fields)["kind"], e.(fields)["amount"])
	}
	return text
}

func TestCrashPointsAreNumbered(t *testing.T) {
	for i, p := range sandbox.CrashPoints() {
		if p.Number != i+1 || p.Leaves == "" || p.Happens != strings.Contains(string(p.Point), ".after_") {
			t.Errorf("%+v", p)
		}
	}
	for _, spec := range []string{"nowhere", "0", "21", "6@0", "6@x"} {
		if _, err := sandbox.New(t.Context(), sandbox.Options{Memory: true, CrashAt: spec, Exit: func(int) {}}); err == nil {
			t.Errorf("%q was taken", spec)
		}
	}
	if _, err := sandbox.New(t.Context(), sandbox.Options{Memory: true, CrashAt: "6"}); err == nil {
		t.Error("a crash without a way to end was taken")
	}
}

// TestRun starts the command as the platform does: its own listener, a temporary database, workers that run by
// themselves.
func TestRun(t *testing.T) {
	received := make(chan string, 4)
	hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		received <- r.Header.Get("tosspayments-webhook-signature")
	}))
	defer hook.Close()
	ctx, stop := context.WithCancel(t.Context())
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- sandbox.Run(ctx, sandbox.Options{
			WebhookURL: hook.URL, HangFor: time.Hour, Ready: func(url string) { ready <- url },
		})
	}()
	w := &world{T: t}
	base := <-ready
	post := func(path string, body fields) answer {
		t.Helper()
		text, _ := json.Marshal(body)
		r, _ := http.NewRequestWithContext(t.Context(), "POST", base+path, bytes.NewReader(text))
		r.SetBasicAuth(sandbox.DefaultSecretKey, "")
		got, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = got.Body.Close() }()
		a := answer{status: got.StatusCode}
		if err := json.NewDecoder(got.Body).Decode(&a.fields); err != nil {
			t.Fatal(err)
		}
		return a
	}
	opened := post("/sandbox/checkouts", checkoutBody("order-1", 1_000))
	if !strings.HasPrefix(opened.text1("checkoutUrl"), base+"/pay/") {
		t.Errorf("address of the page: %s", opened.text1("checkoutUrl"))
	}
	chosen := post("/sandbox/checkouts/"+opened.text1("checkoutKey")+"/authorize", fields{"instrument": "ok"})
	confirm := fields{"paymentKey": chosen.text1("paymentKey"), "orderId": "order-1", "amount": 1_000}
	is(w, "state", post("/v1/payments/confirm", confirm).text1("status"), "DONE")
	if signature := <-received; signature == "" {
		t.Error("an unsigned notice")
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
