package app

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/fail"
)

// readyWithin is how long the database may take to answer before a node counts as cut off from it.
const readyWithin = 2 * time.Second

// healthz answers that the process lives; it asks nobody, so that a database in trouble has no node killed for it.
func (s *Server) healthz(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

// readyz answers whether requests should come here: "ready", or 503 and every reason why not, a line each. A note tells
// what is amiss and keeps nobody from being served.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	reasons := s.unready(r.Context())
	header := w.Header()
	header.Set("Content-Type", "text/plain; charset=utf-8")
	header.Set("Cache-Control", "no-store")
	text, status := "ready\n", http.StatusOK
	if len(reasons) > 0 {
		text, status = "not ready\nreason: "+strings.Join(reasons, "\nreason: ")+"\n", http.StatusServiceUnavailable
	}
	if s.Hub.Delayed() {
		text += "note: live.delayed\n"
	}
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text)) // whoever asked may have left
}

// unready gives codes of what keeps this node from serving.
func (s *Server) unready(ctx context.Context) (reasons []string) {
	if s.draining.Load() {
		reasons = append(reasons, "draining")
	}
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	if err := s.Ping(ctx); err != nil {
		reasons = append(reasons, "database")
	}
	if why := s.DB.Refusal(); why != nil {
		reasons = append(reasons, fail.CodeOf(why))
	}
	return reasons
}
