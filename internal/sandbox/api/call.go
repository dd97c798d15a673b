package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/dure-commerce/dure/internal/sandbox/fault"
	"github.com/dure-commerce/dure/internal/sandbox/record"
	"github.com/dure-commerce/dure/internal/sandbox/refusal"
)

// call is one outside step: what it does, and what can go wrong around it.
type call struct {
	step   fault.Step
	target string      // the order or transfer whose plan applies
	after  fault.Point // reached when the step has happened and nobody has been told
	// own gives the fault that the payer's instrument brings, when no plan has one.
	own func(tx *record.Tx) fault.Mode
	act func(tx *record.Tx, mode fault.Mode) (any, *refusal.Refusal)
}

// answer is what will be said, and how.
type answer struct {
	status int
	body   []byte
	mode   fault.Mode
	done   bool // the step has happened just now
}

// perform runs the step once per idempotency key, keeps the answer with it, and answers as the fault says.
func (s *Server) perform(w http.ResponseWriter, r *http.Request, c call) {
	name := ""
	if key := r.Header.Get(idempotencyHeader); key != "" && r.Method != http.MethodGet {
		if len(key) > idempotencyMax {
			writeRefusal(w, refusal.InvalidIdempotencyKey())
			return
		}
		name = idempotencyName(r, key)
		if !s.claim(name) {
			writeRefusal(w, refusal.Busy())
			return
		}
	}
	a, err := s.decide(r.Context(), name, c)
	if a.mode == fault.Slow && err == nil {
		pause(r.Context(), s.SlowFor)
	}
	s.release(name)
	if err != nil {
		writeRefusal(w, refusal.FailedProcessing())
		return
	}
	if a.done && c.after != "" {
		s.Crash.Reach(c.after)
	}
	switch a.mode {
	case fault.TimeoutBefore, fault.TimeoutAfter:
		pause(r.Context(), s.HangFor)
		drop(w)
	case fault.ErrorBefore, fault.ErrorAfter:
		writeRefusal(w, refusal.FailedProcessing())
	case fault.Temporary:
		writeRefusal(w, refusal.ProviderError())
	default:
		writeText(w, a.status, a.body)
	}
}

// decide runs the step, or finds what it answered before. It returns when everything is on disk.
func (s *Server) decide(ctx context.Context, name string, c call) (a answer, err error) {
	err = s.Store.Do(ctx, func(tx *record.Tx) {
		if kept, ok := s.kept.find(name, tx.Now()); ok {
			a = answer{status: kept.Status, body: []byte(kept.Body)}
			return
		}
		if a.mode = s.Plans.Take(tx, c.step, c.target); a.mode == fault.None && c.own != nil {
			a.mode = c.own(tx)
		}
		switch a.mode {
		case fault.ErrorBefore, fault.TimeoutBefore, fault.Temporary:
			return
		}
		body, no := c.act(tx, a.mode)
		a.status, a.done = http.StatusOK, no == nil
		if no != nil {
			a.status, body = no.Status, no
		}
		if a.body, err = json.Marshal(body); err == nil && name != "" && (no == nil || !no.Temporary()) {
			s.kept.keep(tx, name, a.status, a.body)
		}
	})
	return a, err
}

func (s *Server) claim(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy[name] {
		return false
	}
	s.busy[name] = true
	return true
}

func (s *Server) release(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.busy, name)
}

// pause waits for d, or until the caller leaves.
func pause(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	<-ctx.Done()
}

// Dropper is a response writer that can break the conversation off without an answer.
type Dropper interface{ Drop() }

// drop ends the conversation without an answer, as a broken network would.
func drop(w http.ResponseWriter) {
	if d, ok := w.(Dropper); ok {
		d.Drop()
		return
	}
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = conn.Close()
		return
	}
	w.WriteHeader(http.StatusGatewayTimeout)
}
