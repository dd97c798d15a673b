package live_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/dure-commerce/dure/internal/kit/clock"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/kit/id"
	"github.com/dure-commerce/dure/internal/kit/live"
	"github.com/dure-commerce/dure/internal/kit/live/livetest"
)

func newHub(t testing.TB, seed uint64, opts live.Options) *live.Hub {
	t.Helper()
	opts.IDs = id.Seeded(clock.System(), seed)
	h, err := live.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// recorder keeps an answer that is read while it is written.
type recorder struct {
	mu     sync.Mutex
	header http.Header
	body   strings.Builder
}

func (r *recorder) Header() http.Header { return r.header }
func (r *recorder) WriteHeader(int)     {}
func (r *recorder) Flush()              {}

func (r *recorder) Write(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.body.Write(b)
}

func (r *recorder) text() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.body.String()
}

// page is a browser that watches topics.
type page struct {
	answer *recorder
	leave  context.CancelFunc
	ended  chan struct{}
	read   int
}

func watch(t *testing.T, h *live.Hub, lastID string, topics ...live.Topic) *page {
	t.Helper()
	ctx, leave := context.WithCancel(t.Context())
	p := &page{answer: &recorder{header: http.Header{}}, leave: leave, ended: make(chan struct{})}
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/live", nil)
	go func() {
		defer close(p.ended)
		if err := h.ServeSSE(p.answer, r, topics, lastID); err != nil {
			t.Error(err)
		}
	}()
	synctest.Wait()
	return p
}

// news gives what came since the last call, without the retry hint: "topic@version" and ":" for a heartbeat.
func (p *page) news() (out string, lastID string) {
	synctest.Wait()
	text := p.answer.text()
	text, p.read = text[p.read:], len(text)
	var words []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if data, ok := strings.CutPrefix(line, `data: {"topic":"`); ok {
			data = strings.TrimSuffix(strings.Replace(data, `","version":`, "@", 1), "}")
			words = append(words, data)
		}
		if line == ":" {
			words = append(words, line)
		}
		if cut, ok := strings.CutPrefix(line, "id: "); ok {
			lastID = cut
		}
	}
	return strings.Join(words, " "), lastID
}

func want(t *testing.T, p *page, text string) string {
	t.Helper()
	got, lastID := p.news()
	if got != text {
		t.Fatalf("heard %q, want %q", got, text)
	}
	return lastID
}

func tell(h *live.Hub, topic string, version int64) {
	h.Touch(map[string]int64{topic: version})
	h.RunOnce(context.Background())
}

func TestFirstAtOnceThenFourASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHub(t, 1, live.Options{})
		defer h.Close()
		p := watch(t, h, "", live.Topic{Name: "a"}, live.Topic{Name: "b"})
		tell(h, "a", 1)
		want(t, p, "a@1")
		for i := range 10 {
			tell(h, "a", int64(2+i))
		}
		tell(h, "b", 5)
		tell(h, "c", 5)
		want(t, p, "b@5")
		time.Sleep(249 * time.Millisecond)
		want(t, p, "")
		time.Sleep(time.Millisecond)
		want(t, p, "a@11")
		var heard []string
		for i := range 1000 { // a change each millisecond for a second
			tell(h, "a", int64(100+i))
			time.Sleep(time.Millisecond)
			got, _ := p.news()
			heard = append(heard, strings.Fields(got)...)
		}
		if len(heard) != 4 || heard[3] != "a@1099" {
			t.Fatal("heard in a second:", heard)
		}
		time.Sleep(time.Second)
		want(t, p, "")
		tell(h, "a", 2000)
		want(t, p, "a@2000")
		tell(h, "b", 3) // committed later under a lower version: still a change
		want(t, p, "b@6")
		time.Sleep(time.Second)
		p.leave()
		<-p.ended
		if s := h.Stats(); s.Readers != 0 || s.Topics != 0 {
			t.Fatalf("%+v", s)
		}
	})
}

func TestResume(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHub(t, 1, live.Options{})
		defer h.Close()
		topics := []live.Topic{{Name: "a", Version: 5}, {Name: "b", Version: 5}, {Name: "c"}}
		tell(h, "a", 5)
		tell(h, "b", 6)
		tell(h, "c", 7)
		p := watch(t, h, "", topics...)
		lastID := want(t, p, "b@6") // changed between the page's making and its first visit
		p.leave()
		time.Sleep(time.Second)
		tell(h, "c", 8)
		tell(h, "d", 8)
		p = watch(t, h, lastID, topics...)
		lastID = want(t, p, "c@8")
		p.leave()
		time.Sleep(time.Second)
		p = watch(t, h, lastID, topics...)
		want(t, p, "")
		p.leave()
		other := newHub(t, 2, live.Options{}) // a restarted or another node knows nothing of what was missed
		defer other.Close()
		tell(other, "b", 9)
		p = watch(t, other, lastID, topics...)
		want(t, p, "a@0 b@9 c@0")
		if n := strings.Count(p.answer.text(), "id: "); n != 1 {
			t.Fatal("ids before all was said:", n)
		}
		p.leave()
		p = watch(t, h, lastID+"99", topics...)
		want(t, p, "a@5 b@6 c@8")
		p.leave()
		time.Sleep(time.Second)
	})
}

func TestNothingIsMissedWhileATopicCools(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHub(t, 1, live.Options{})
		defer h.Close()
		topics := []live.Topic{{Name: "a"}, {Name: "b"}}
		p := watch(t, h, "", topics...)
		tell(h, "b", 1)
		tell(h, "b", 2) // waits for b to cool down
		tell(h, "a", 1)
		lastID := want(t, p, "b@1 a@1")
		p.leave()
		time.Sleep(time.Second)
		p = watch(t, h, lastID, topics...)
		want(t, p, "b@2")
		p.leave()
		time.Sleep(time.Second)
	})
}

func TestForgottenTopicsAreSaidAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHub(t, 1, live.Options{})
		defer h.Close()
		p := watch(t, h, "", live.Topic{Name: "a"})
		tell(h, "a", 1)
		lastID := want(t, p, "a@1")
		p.leave()
		time.Sleep(time.Second)
		tell(h, "a", 2)
		for i := range 10 {
			touched := map[string]int64{}
			for j := range 1000 {
				touched[fmt.Sprint(i, "-", j)] = 1
			}
			h.Touch(touched)
			h.RunOnce(t.Context())
			time.Sleep(time.Second)
		}
		p = watch(t, h, lastID, live.Topic{Name: "a"})
		want(t, p, "a@0")
		p.leave()
		time.Sleep(time.Second)
	})
}

func TestHeartbeatAndHeaders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHub(t, 1, live.Options{})
		p := watch(t, h, "", live.Topic{Name: "a"})
		time.Sleep(41 * time.Second)
		want(t, p, ": :")
		h.Close()
		<-p.ended
		header := p.answer.Header()
		if header.Get("Content-Type") != "text/event-stream" || !strings.Contains(header.Get("Cache-Control"), "no-store") {
			t.Fatal(header)
		}
		var retry int
		if _, err := fmt.Sscanf(p.answer.text(), "retry: %d\n\n", &retry); err != nil || retry < 1000 || retry >= 5000 {
			t.Fatal(retry, err)
		}
	})
}

// stuckWriter blocks like a browser that does not read.
type stuckWriter struct {
	*httptest.ResponseRecorder
	block chan struct{}
	n     int
}

func (w *stuckWriter) Write(b []byte) (int, error) {
	if w.n++; w.n > 1 {
		<-w.block
	}
	return len(b), nil
}

func TestSlowReaderIsCutOffAndHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHub(t, 1, live.Options{})
		defer h.Close()
		slow := &stuckWriter{ResponseRecorder: httptest.NewRecorder(), block: make(chan struct{})}
		ended := make(chan error)
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/live", nil)
		go func() { ended <- h.ServeSSE(slow, r, []live.Topic{{Name: "a"}}, "") }()
		synctest.Wait()
		p := watch(t, h, "", live.Topic{Name: "a"})
		heard := 0
		for i := range 40 {
			tell(h, "a", int64(i+1))
			time.Sleep(250 * time.Millisecond)
			got, _ := p.news()
			heard += len(strings.Fields(got))
		}
		if s := h.Stats(); heard != 40 || s.CutOff != 1 || s.Readers != 1 {
			t.Fatalf("%d %+v", heard, s)
		}
		close(slow.block)
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		p.leave()
		time.Sleep(time.Second)
	})
}

func TestLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHub(t, 1, live.Options{ReadersMax: 1})
		p := watch(t, h, "", live.Topic{Name: "a"})
		serve := func(topics ...live.Topic) error {
			return h.ServeSSE(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil), topics, "")
		}
		if err := serve(live.Topic{Name: "a"}); !errors.Is(err, live.ErrFull) {
			t.Fatal(err)
		}
		for _, bad := range [][]live.Topic{nil, {{Name: ""}}, {{Name: strings.Repeat("x", 101)}}, make([]live.Topic, 33)} {
			if err := serve(bad...); !errors.Is(err, live.ErrTopics) {
				t.Fatal(err)
			}
		}
		h.Close()
		<-p.ended
		if err := serve(live.Topic{Name: "a"}); !errors.Is(err, live.ErrEnded) {
			t.Fatal(err)
		}
	})
}

func TestMemoryBus(t *testing.T) {
	livetest.Run(t, func(_ *testing.T, n int) []live.Bus {
		bus := live.NewMemory()
		ends := make([]live.Bus, n)
		for i := range ends {
			ends[i] = bus.Endpoint()
		}
		return ends
	})
}

func TestTwoNodesHearEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bus := live.NewMemory()
		a, b := newHub(t, 1, live.Options{Bus: bus.Endpoint()}), newHub(t, 2, live.Options{Bus: bus.Endpoint()})
		defer b.Close()
		p, q := watch(t, a, "", live.Topic{Name: "x"}), watch(t, b, "", live.Topic{Name: "x"})
		tell(a, "x", 3)
		want(t, p, "x@3")
		want(t, q, "x@3")
		time.Sleep(time.Second)
		want(t, p, "") // no echo
		a.Close()
		<-p.ended
		tell(b, "x", 4)
		want(t, q, "x@4")
		q.leave()
		time.Sleep(time.Second)
	})
}

func TestCommitsReachABrowser(t *testing.T) {
	before := goleak.IgnoreCurrent()
	d, _ := dbtest.SQLite(t)
	h := newHub(t, 1, live.Options{})
	h.Attach(d)
	ctx, stop := context.WithCancel(t.Context())
	ran := make(chan error)
	go func() { ran <- h.Run(ctx) }()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h.ServeSSE(w, r, []live.Topic{{Name: "deal:1"}}, r.Header.Get("Last-Event-ID")); err != nil {
			t.Error(err)
		}
	}))
	answer, err := http.Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(answer.Body)
	lines.Scan() // the retry hint: the browser is watching now
	err = d.Write(ctx, func(tx *db.Tx) error { tx.Touch("deal:1", 9); return nil })
	if err != nil {
		t.Fatal(err)
	}
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "data:") {
	}
	if lines.Text() != `data: {"topic":"deal:1","version":9}` {
		t.Fatal(lines.Text())
	}
	stop()
	if err := <-ran; !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if lines.Scan() && lines.Text() != "" || lines.Scan() {
		t.Fatal("the stream did not end with the hub")
	}
	_ = answer.Body.Close()
	server.Close()
	http.DefaultClient.CloseIdleConnections()
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	goleak.VerifyNone(t, before)
}

func TestConnectionsAreSmall(t *testing.T) {
	const connections, bytesMax = 200, 40 << 10 // both sides of each; about 23 KB without the race detector
	h := newHub(t, 1, live.Options{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = h.ServeSSE(w, r, []live.Topic{{Name: "deal:1"}, {Name: "me:1"}}, "")
	}))
	defer server.Close()
	defer h.Close()
	used := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc + m.StackInuse
	}
	before := used()
	for range connections {
		c, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = c.Close() }()
		if _, err := c.Write([]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n")); err != nil {
			t.Fatal(err)
		}
		var first [1]byte
		if _, err := c.Read(first[:]); err != nil {
			t.Fatal(err)
		}
	}
	each := (used() - before) / connections
	t.Logf("%d bytes a connection, %d of them connected", each, h.Stats().Readers)
	if each > bytesMax || h.Stats().Readers != connections {
		t.Fatal(each, h.Stats().Readers)
	}
}
