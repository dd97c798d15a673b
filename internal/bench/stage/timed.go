package stage

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/dure-commerce/dure/internal/bench/load"
)

// timed notes how long the server takes for each request, without the way to it and back.
type timed struct {
	next  http.Handler
	mu    sync.Mutex
	times load.Times
}

// ServeHTTP passes the request on.
func (t *timed) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	t.next.ServeHTTP(w, r)
	took := time.Since(began)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.times.Add(took)
}

// tell gives the spread since the last time it was asked for.
func (t *timed) tell(w http.ResponseWriter, _ *http.Request) {
	t.mu.Lock()
	spread := t.times.Spread()
	t.times = nil
	t.mu.Unlock()
	_ = json.NewEncoder(w).Encode(spread)
}
