package request

import (
	"context"
	"net/http"
	"strings"
	"sync"

	"github.com/dure-commerce/dure/internal/kit/i18n"
)

// Shared is Handle for pages that every guest sees alike: those who ask for the same page at the same time get one and
// the same answer, made after each of them had asked. So a crowd that follows one link costs hardly more than one
// reader, and nobody sees anything older than a page of their own would be. Nothing is kept.
//
// Whoever brings a cookie may be somebody, and is answered alone.
func (f *Frame) Shared(handler Handler) http.Handler {
	return &sharing{alone: f.Handle(handler), running: map[string]*showing{}, next: map[string]*showing{}}
}

// sharing is the showings of one address under way and those that begin next.
type sharing struct {
	alone         http.Handler
	mu            sync.Mutex
	running, next map[string]*showing
	waiting       int // readers who wait for a showing, for tests
}

// ServeHTTP answers one of a crowd.
func (s *sharing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet || len(r.Header["Cookie"]) > 0 {
		s.alone.ServeHTTP(w, r)
		return
	}
	// All that an answer to a guest depends on.
	key := strings.Join([]string{i18n.Negotiate(r.Header.Get("Accept-Language"), ""), r.Header.Get("HX-Request"),
		r.Header.Get("HX-Boosted"), r.Host, r.URL.RequestURI()}, " ")
	answer, mine := s.join(key, func() *answered {
		out := &answered{header: http.Header{}}
		s.alone.ServeHTTP(out, r.WithContext(context.WithoutCancel(r.Context())))
		return out
	})
	if answer == nil || !mine && answer.personal() {
		s.alone.ServeHTTP(w, r)
		return
	}
	answer.repeat(w)
}

// showing is one making of a page. Those who came before it began wait for done.
type showing struct {
	done   chan struct{}
	answer *answered // nil when the making broke off
}

// join makes a page, or waits for one that begins after now; mine tells that the caller made it.
func (s *sharing) join(key string, paint func() *answered) (answer *answered, mine bool) {
	s.mu.Lock()
	if before, busy := s.running[key]; busy {
		s.waiting++
		if mate, waits := s.next[key]; waits {
			s.mu.Unlock()
			<-mate.done
			return mate.answer, false
		}
		own := &showing{done: make(chan struct{})}
		s.next[key] = own
		s.mu.Unlock()
		<-before.done
		s.mu.Lock()
		delete(s.next, key)
		s.running[key] = own
		s.mu.Unlock()
		return s.show(key, own, paint), true
	}
	own := &showing{done: make(chan struct{})}
	s.running[key] = own
	s.mu.Unlock()
	return s.show(key, own, paint), true
}

// show makes the page and lets those go who wait for it, also when the making panics.
func (s *sharing) show(key string, own *showing, paint func() *answered) *answered {
	defer func() {
		s.mu.Lock()
		if s.running[key] == own {
			delete(s.running, key)
		}
		s.mu.Unlock()
		close(own.done)
	}()
	own.answer = paint()
	return own.answer
}

// answered is an answer in memory.
type answered struct {
	header http.Header
	status int
	body   []byte
}

// Header gives the answer's header.
func (a *answered) Header() http.Header { return a.header }

// WriteHeader fixes the status; the first one counts.
func (a *answered) WriteHeader(status int) {
	if a.status == 0 {
		a.status = status
	}
}

// Write adds to the body.
func (a *answered) Write(text []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	a.body = append(a.body, text...)
	return len(text), nil
}

// personal reports an answer that is for one browser only, or that says what went wrong once.
func (a *answered) personal() bool {
	return len(a.header["Set-Cookie"]) > 0 || a.status >= http.StatusInternalServerError
}

func (a *answered) repeat(w http.ResponseWriter) {
	header := w.Header()
	for name, values := range a.header {
		header[name] = values
	}
	if a.status != 0 {
		w.WriteHeader(a.status)
	}
	_, _ = w.Write(a.body) // the reader may have left
}
