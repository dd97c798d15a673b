package request

import "net/http"

// Waiting is how many readers of a shared page have waited for a showing so far.
func Waiting(h http.Handler) int {
	s := h.(*sharing)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.waiting
}
