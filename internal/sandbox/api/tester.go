package api

import (
	"net/http"
	"time"

	"github.com/dure-commerce/dure/internal/sandbox/fault"
	"github.com/dure-commerce/dure/internal/sandbox/hook"
	"github.com/dure-commerce/dure/internal/sandbox/record"
	"github.com/dure-commerce/dure/internal/sandbox/refusal"
)

// step runs a tester's own command, on which no fault is played.
func (s *Server) step(w http.ResponseWriter, r *http.Request, act func(tx *record.Tx) (any, *refusal.Refusal)) {
	var body any
	var no *refusal.Refusal
	if err := s.Store.Do(r.Context(), func(tx *record.Tx) { body, no = act(tx) }); err != nil {
		no = refusal.FailedProcessing()
	}
	if no != nil {
		writeRefusal(w, no)
		return
	}
	writeJSON(w, http.StatusOK, body)
}

// setFault replaces the plan of one target.
func (s *Server) setFault(w http.ResponseWriter, r *http.Request) {
	var plan fault.Plan
	if !readJSON(w, r, &plan) {
		return
	}
	s.step(w, r, func(tx *record.Tx) (any, *refusal.Refusal) {
		if err := s.Plans.Set(tx, plan); err != nil {
			return nil, refusal.InvalidRequest(err.Error())
		}
		return s.Plans.List(), nil
	})
}

// clearFaults removes one target's plan (?target=) or all.
func (s *Server) clearFaults(w http.ResponseWriter, r *http.Request) {
	s.step(w, r, func(tx *record.Tx) (any, *refusal.Refusal) {
		s.Plans.Clear(tx, r.URL.Query().Get("target"))
		return s.Plans.List(), nil
	})
}

// listFaults shows the plans in force.
func (s *Server) listFaults(w http.ResponseWriter, r *http.Request) {
	s.step(w, r, func(*record.Tx) (any, *refusal.Refusal) { return s.Plans.List(), nil })
}

// listWebhooks shows notices not yet received (?state=waiting|failed|dropped).
func (s *Server) listWebhooks(w http.ResponseWriter, r *http.Request) {
	limit, ok := numberOf(r, "limit", 100, pageMax)
	if !ok {
		writeRefusal(w, refusal.InvalidRequest("limit가 올바르지 않습니다."))
		return
	}
	s.step(w, r, func(*record.Tx) (any, *refusal.Refusal) {
		return s.Outbox.List(hook.State(r.URL.Query().Get("state")), limit), nil
	})
}

// resendWebhooks makes a subject's waiting, failed and dropped notices due now (?subject=).
func (s *Server) resendWebhooks(w http.ResponseWriter, r *http.Request) {
	s.step(w, r, func(tx *record.Tx) (any, *refusal.Refusal) {
		return map[string]int{"due": s.Outbox.Resend(tx, r.URL.Query().Get("subject"))}, nil
	})
}

// listCrashPoints shows where the process can be made to end.
func (s *Server) listCrashPoints(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, fault.CrashPoints())
}

// moveClock sets the sandbox's clock, when it was started with one that stands still.
func (s *Server) moveClock(w http.ResponseWriter, r *http.Request) {
	var in struct {
		At time.Time `json:"at"`
	}
	if s.Manual == nil {
		writeRefusal(w, refusal.NotFound())
		return
	}
	if !readJSON(w, r, &in) {
		return
	}
	s.Manual.Set(in.At)
	writeJSON(w, http.StatusOK, map[string]time.Time{"at": s.Manual.Now()})
}

// settleAll runs the workers until nothing is due at the present instant.
func (s *Server) settleAll(w http.ResponseWriter, r *http.Request) {
	steps, err := s.Settle(r.Context())
	if err != nil {
		writeRefusal(w, refusal.FailedProcessing())
		return
	}
	writeJSON(w, http.StatusOK, map[string]int{"steps": steps})
}

// orderOf finds whose plan of faults a payment key falls under.
func (s *Server) orderOf(r *http.Request, paymentKey string) string {
	order := paymentKey
	_ = s.Store.View(r.Context(), func(time.Time) {
		if p, ok := s.Desk.Find(paymentKey); ok {
			order = p.OrderID
		}
	})
	return order
}
