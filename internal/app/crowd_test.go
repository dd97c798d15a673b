package app

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// TestACrowdedNodeAnswersAtOnce: one request too many hears when to come again; health and other sorts are not in its
// way, and a seat that is left is taken again.
func TestACrowdedNodeAnswersAtOnce(t *testing.T) {
	inside, leave := make(chan struct{}), make(chan struct{})
	site := bounded(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Has("stay") {
			inside <- struct{}{}
			<-leave
		}
		w.WriteHeader(http.StatusNoContent)
	}), 2, 1)
	ask := func(address string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		site.ServeHTTP(w, httptest.NewRequest(http.MethodGet, address, http.NoBody))
		return w
	}
	var all sync.WaitGroup
	for _, address := range []string{"/?stay", "/d/x?stay", "/api/v1/events?stay"} {
		all.Go(func() { ask(address) })
		<-inside
	}
	for _, address := range []string{"/", "/api/v1/orders", "/api/v1/events"} {
		if w := ask(address); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
			t.Errorf("%s: %d, Retry-After %q", address, w.Code, w.Header().Get("Retry-After"))
		}
	}
	for _, address := range []string{"/healthz", "/live"} {
		if w := ask(address); w.Code != http.StatusNoContent {
			t.Errorf("%s: %d", address, w.Code)
		}
	}
	close(leave)
	all.Wait()
	if w := ask("/"); w.Code != http.StatusNoContent {
		t.Errorf("when they have left: %d", w.Code)
	}
}
