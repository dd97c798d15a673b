package request_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/dure-commerce/dure/internal/kit/db/dbtest"
	"github.com/dure-commerce/dure/internal/web/request"
	"github.com/dure-commerce/dure/internal/web/request/requesttest"
)

// shared serves a handler to crowds.
func shared(t *testing.T, handler request.Handler) (url string, waiting func() int) {
	t.Helper()
	d, _ := dbtest.SQLite(t)
	page := requesttest.Frame(t, d).Shared(handler)
	server := httptest.NewServer(page)
	t.Cleanup(server.Close)
	return server.URL, func() int { return request.Waiting(page) }
}

func read(t *testing.T, url, lang, cookie string) (status int, body string) {
	t.Helper()
	q, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	q.Header.Set("Accept-Language", lang)
	if cookie != "" {
		q.Header.Set("Cookie", cookie)
	}
	answer, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Error(err)
		return 0, ""
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Error(err)
	}
	if answer.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Error("the answer lost its head")
	}
	return answer.StatusCode, string(text)
}

func TestACrowdSharesOneAnswerMadeAfterAllOfThemAsked(t *testing.T) {
	const crowd = 20
	var calls, asked atomic.Int64
	began, goOn := make(chan struct{}, crowd), make(chan struct{})
	url, waiting := shared(t, func(r *request.Request) error {
		n := calls.Add(1)
		began <- struct{}{}
		<-goOn
		return r.Render(words(fmt.Sprintf("page %d for %d", n, asked.Load())))
	})
	var all sync.WaitGroup
	all.Go(func() { read(t, url, "ko", "") })
	<-began
	for range crowd {
		all.Go(func() {
			asked.Add(1)
			if status, body := read(t, url, "ko", ""); status != http.StatusOK || body != "page 2 for 20" {
				t.Errorf("%d %s", status, body)
			}
		})
	}
	for waiting() < crowd { // bounded by the test's own time limit
		runtime.Gosched()
	}
	goOn <- struct{}{}
	<-began
	goOn <- struct{}{}
	all.Wait()
	if calls.Load() != 2 {
		t.Errorf("the page was made %d times", calls.Load())
	}
}

func TestNobodyGetsAnothersAnswer(t *testing.T) {
	began, goOn := make(chan struct{}, 8), make(chan struct{})
	url, _ := shared(t, func(r *request.Request) error {
		began <- struct{}{}
		<-goOn
		return r.Render(words(r.Loc.Lang() + " " + r.URL.RequestURI() + " " + r.Header.Get("Cookie")))
	})
	var all sync.WaitGroup
	for _, c := range []struct{ path, lang, cookie, want string }{
		{"/a", "ko", "", "ko /a "}, {"/a", "en", "", "en /a "}, {"/b", "ko", "", "ko /b "},
		{"/a", "ko", "region=x", "ko /a region=x"}, {"/a?x=1", "ko", "", "ko /a?x=1 "},
	} {
		all.Go(func() {
			if _, body := read(t, url+c.path, c.lang, c.cookie); body != c.want {
				t.Errorf("%q; want %q", body, c.want)
			}
		})
		<-began // each of them is made, beside the others
	}
	close(goOn)
	all.Wait()
}

func TestWhatIsForOneBrowserIsGivenToOne(t *testing.T) {
	var calls atomic.Int64
	began, goOn := make(chan struct{}, 8), make(chan struct{})
	url, waiting := shared(t, func(r *request.Request) error {
		n := calls.Add(1)
		began <- struct{}{}
		<-goOn
		r.Keep("visitor", fmt.Sprint(n))
		return r.Render(words("hello"))
	})
	var all sync.WaitGroup
	for i := range 3 {
		all.Go(func() { read(t, url, "ko", "") })
		if i == 0 {
			<-began
		}
	}
	for waiting() < 2 {
		runtime.Gosched()
	}
	close(goOn)
	all.Wait()
	if calls.Load() != 3 {
		t.Errorf("%d browsers got sessions of their own, not 3", calls.Load())
	}
}
