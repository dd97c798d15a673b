package app

import (
	"net/http"
	"strconv"

	"github.com/dure-commerce/dure/internal/web/api"
)

// How many requests one node works on at once. What comes on top hears at once when to come again: it costs less than
// a place in a line that nobody sees the end of.
const (
	requestsMax   = 4096
	followersMax  = 2048 // of the interface's stream of events; pages that watch are bounded by the hub
	crowdedRetry  = 2    // seconds
	watchAddress  = "/live"
	healthAddress = "/healthz"
)

// crowd lets a bounded number of requests through.
type crowd struct {
	next      http.Handler
	requests  chan struct{}
	followers chan struct{}
}

func bounded(next http.Handler, requests, followers int) http.Handler {
	return &crowd{next: next, requests: make(chan struct{}, requests), followers: make(chan struct{}, followers)}
}

// ServeHTTP answers 503 with Retry-After when too many are here.
func (c *crowd) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	seats := c.requests
	switch r.URL.Path {
	case watchAddress, healthAddress:
		c.next.ServeHTTP(w, r)
		return
	case api.Prefix + "/events":
		seats = c.followers
	}
	select {
	case seats <- struct{}{}:
	default:
		w.Header().Set("Retry-After", strconv.Itoa(crowdedRetry))
		w.Header().Set("Cache-Control", "no-store")
		http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
		return
	}
	defer func() { <-seats }()
	c.next.ServeHTTP(w, r)
}
