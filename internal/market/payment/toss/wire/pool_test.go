package wire_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/market/payment/toss/wire"
)

type counted struct {
	*httptest.Server
	made atomic.Int64 // connections
}

func serve(t *testing.T, secure bool, handler http.HandlerFunc) *counted {
	t.Helper()
	s := &counted{Server: httptest.NewUnstartedServer(handler)}
	s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.made.Add(1)
		}
	}
	if secure {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s
}

func pool(t *testing.T, address string, o wire.Options) *wire.Pool {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	if o.Now == nil {
		o.Now = clock.System().Now
	}
	p := wire.New(u, o)
	t.Cleanup(p.CloseIdleConnections)
	return p
}

func call(ctx context.Context, p *wire.Pool, address, body string) (int, string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	answer, err := p.RoundTrip(r)
	if err != nil {
		return 0, "", err
	}
	text, err := io.ReadAll(answer.Body)
	return answer.StatusCode, string(text), errors.Join(err, answer.Body.Close())
}

func echo(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/early" {
		w.WriteHeader(http.StatusEarlyHints)
	}
	text, _ := io.ReadAll(r.Body)
	w.WriteHeader(http.StatusCreated)
	if r.URL.Path == "/parts" {
		_, _ = io.WriteString(w, "in ")
		w.(http.Flusher).Flush()
	}
	_, _ = w.Write(text)
}

func TestOneConnectionCarriesManyCalls(t *testing.T) {
	for _, secure := range []bool{false, true} {
		s := serve(t, secure, echo)
		o := wire.Options{Most: 4}
		if secure {
			roots := x509.NewCertPool()
			roots.AddCert(s.Certificate())
			o.TLS = &tls.Config{RootCAs: roots}
		}
		p := pool(t, s.URL, o)
		for path, want := range map[string]string{"/": "tea", "/early": "tea", "/parts": "in tea"} {
			for range 3 {
				status, text, err := call(t.Context(), p, s.URL+path, "tea")
				if status != http.StatusCreated || text != want || err != nil {
					t.Fatalf("%s: %d %q %v, want %q", path, status, text, err, want)
				}
			}
		}
		if made := s.made.Load(); made != 1 {
			t.Errorf("secure %v: %d connections for nine calls", secure, made)
		}
	}
}

// A connection that the server has closed is found out before anything is sent: the call must not end in doubt.
func TestAClosedConnectionIsNotUsed(t *testing.T) {
	s := serve(t, false, echo)
	p := pool(t, s.URL, wire.Options{Most: 1})
	for range 5 {
		if _, _, err := call(t.Context(), p, s.URL, "a"); err != nil {
			t.Fatal(err)
		}
		s.CloseClientConnections()
	}
	if made := s.made.Load(); made != 5 {
		t.Errorf("%d connections, want one for each call", made)
	}
}

func TestAnIdleConnectionGrowsOld(t *testing.T) {
	s := serve(t, false, echo)
	now := clock.NewFake(time.Unix(1_800_000_000, 0))
	p := pool(t, s.URL, wire.Options{Most: 1, Now: now.Now})
	for _, wait := range []time.Duration{0, time.Minute, 2 * time.Minute} {
		now.Advance(wait)
		if _, _, err := call(t.Context(), p, s.URL, "a"); err != nil {
			t.Fatal(err)
		}
	}
	if made := s.made.Load(); made != 2 {
		t.Errorf("%d connections, want 2: one stood idle for two minutes", made)
	}
}

// raw answers every connection alike, whatever is asked.
func raw(t *testing.T, answer string) (address string, taken *atomic.Int64) {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	taken = &atomic.Int64{}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			taken.Add(1)
			all.Go(func() {
				in := bufio.NewReader(conn)
				for {
					r, err := http.ReadRequest(in)
					if err != nil {
						break
					}
					_, _ = io.Copy(io.Discard, r.Body)
					_, _ = io.WriteString(conn, answer)
				}
				_ = conn.Close()
			})
		}
	})
	t.Cleanup(func() { _ = listener.Close(); all.Wait() })
	return "http://" + listener.Addr().String(), taken
}

func TestWhatIsLeftOnAConnectionEndsIt(t *testing.T) {
	const next = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
	for name, c := range map[string]struct {
		answer string
		fails  bool
	}{
		"more than its length":  {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" + next, false},
		"the last of its line":  {"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", false},
		"another protocol":      {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", true},
		"no answer":             {"220 smtp.example ESMTP\r\n", true},
		"a head without an end": {"HTTP/1.1 200 OK\r\nA: " + strings.Repeat("a", 80_000), true},
	} {
		t.Run(name, func(t *testing.T) {
			address, taken := raw(t, c.answer)
			p := pool(t, address, wire.Options{Most: 1})
			for range 3 {
				_, text, err := call(t.Context(), p, address, "a")
				if (err != nil) != c.fails || !c.fails && text != "ok" {
					t.Fatalf("%q, %v", text, err)
				}
			}
			if taken.Load() != 3 {
				t.Errorf("%d connections for three calls", taken.Load())
			}
		})
	}
}

func TestTimeIsOver(t *testing.T) {
	release := make(chan struct{})
	s := serve(t, false, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/body" {
			w.Header().Set("Content-Length", "10")
			w.WriteHeader(http.StatusOK)
			w.(http.Flusher).Flush()
		}
		<-release
	})
	t.Cleanup(func() { close(release) })
	p := pool(t, s.URL, wire.Options{Most: 1})
	for _, path := range []string{"/head", "/body"} {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		if _, _, err := call(ctx, p, s.URL+path, "a"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s, time: %v", path, err)
		}
		cancel()
		ctx, cancel = context.WithCancel(t.Context())
		stop := time.AfterFunc(30*time.Millisecond, cancel)
		if _, _, err := call(ctx, p, s.URL+path, "a"); !errors.Is(err, context.Canceled) {
			t.Errorf("%s, caller: %v", path, err)
		}
		stop.Stop()
	}
}

func TestMoreCallsThanConnectionsWait(t *testing.T) {
	var now, most atomic.Int64
	s := serve(t, false, func(w http.ResponseWriter, r *http.Request) {
		at := now.Add(1)
		for was := most.Load(); at > was && !most.CompareAndSwap(was, at); was = most.Load() {
		}
		echo(w, r)
		now.Add(-1)
	})
	p := pool(t, s.URL, wire.Options{Most: 3})
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			for range 20 {
				if status, text, err := call(t.Context(), p, s.URL, "tea"); status != http.StatusCreated || text != "tea" {
					t.Errorf("%d %q %v", status, text, err)
				}
			}
		})
	}
	all.Wait()
	if most.Load() > 3 || s.made.Load() > 3 {
		t.Errorf("%d calls at once over %d connections, want at most 3", most.Load(), s.made.Load())
	}
	s.Close()
	var unreached *net.OpError
	if _, _, err := call(t.Context(), p, s.URL, "a"); !errors.As(err, &unreached) || unreached.Op != "dial" {
		t.Errorf("nobody there: %v", err)
	}
}
