package sim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"time"

	"github.com/dure-commerce/dure/internal/sandbox"
)

// time lets some time go by: minutes mostly, sometimes to the next Monday, the end of a week, or over a year.
func (w *world) time() error {
	var d time.Duration
	n := w.below(100)
	if w.village != nil && w.below(4) > 0 {
		n %= 97 // wishes live by their deadlines, which long leaps miss
	}
	switch {
	case n < 50:
		d = time.Duration(1+w.below(12)) * time.Minute
	case n < 82:
		d = time.Duration(1+w.below(9)) * time.Hour
	case n < 97:
		d = time.Duration(1+w.below(2)) * 24 * time.Hour
	case n < 99:
		d = time.Duration(8+w.below(20)) * 24 * time.Hour
	default:
		d = 410 * 24 * time.Hour
	}
	w.Clock.Advance(d)
	w.note("time +%s", d)
	return nil
}

// work steps one background worker of the node, which may die in it.
func (w *world) work() error {
	workers := w.core.Workers()
	worker := pick(w.dice, workers)
	err := w.survive(func() error {
		_, err := worker.RunOnce(w.ctx)
		return err
	})
	w.note("work %s: %s", worker.Name, code(err))
	return unexpected(err, errDied)
}

// stepGateway steps the gateway's own work: notices, settlement, the bank.
func (w *world) stepGateway() error {
	err := w.survive(func() error {
		_, err := w.box.RunOnce(w.ctx)
		return err
	})
	w.note("gateway: %s", code(err))
	return unexpected(err, errDied)
}

// trouble plans something wrong at the gateway for everything that comes, or ends it.
func (w *world) trouble() error {
	plans := []map[string]any{
		{"webhook": map[string]any{"copies": 3}}, {"webhook": map[string]any{"drop": true}},
		{"webhook": map[string]any{"delaySeconds": 900}}, {"webhook": map[string]any{"reorder": true}},
		{"webhook": map[string]any{"extra": "forged"}}, {"webhook": map[string]any{"extra": "altered"}},
		{"webhook": map[string]any{"extra": "stale"}},
		{"steps": map[string]any{"confirm": map[string]any{"mode": "timeout_after", "times": 2}}},
		{"steps": map[string]any{"confirm": map[string]any{"mode": "error_after", "times": 2}}},
		{"steps": map[string]any{"confirm": map[string]any{"mode": "error_before", "times": 2}}},
		{"steps": map[string]any{"cancel": map[string]any{"mode": "timeout_after", "times": 2}}},
		{"steps": map[string]any{"cancel": map[string]any{"mode": "error_after", "times": 2}}},
		{"steps": map[string]any{"cancel": map[string]any{"mode": "error_before", "times": 2}}},
	}
	n := w.below(len(plans) + 3)
	if n >= len(plans) {
		w.calm()
		w.note("trouble ends")
		return nil
	}
	plan := plans[n]
	plan["target"] = "*"
	w.met(fmt.Sprintf("fault.plan_%02d", n))
	w.note("trouble %d", n)
	return w.plan(http.MethodPut, plan)
}

// crash makes the node die at its next call to the gateway, before or after the gateway acted.
func (w *world) crash() error {
	if w.chance(50) {
		w.gateway.dieBefore = true
		w.met("fault.die_before")
	} else {
		w.gateway.dieAfter = true
		w.met("fault.die_after")
	}
	w.note("crash planned")
	return nil
}

func (w *world) calm() {
	readable(w.plan(http.MethodDelete, nil))
}

func (w *world) plan(method string, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r := httptest.NewRequestWithContext(w.ctx, method, "http://sandbox/sandbox/faults", bytes.NewReader(raw))
	r.SetBasicAuth(sandbox.DefaultSecretKey, "")
	r.Header.Set("Content-Type", "application/json")
	rec := httptest.NewRecorder()
	w.box.Handler().ServeHTTP(rec, r)
	if rec.Code >= http.StatusBadRequest {
		return fmt.Errorf("fault plan: %d %s", rec.Code, rec.Body)
	}
	return nil
}

// unexpected lets known answers pass and names any other.
func unexpected(err error, known ...error) error {
	if err == nil {
		return nil
	}
	for _, k := range known {
		if errors.Is(err, k) {
			return nil
		}
	}
	return fmt.Errorf("unexpected answer: %w", err)
}

func wrong(what string, got error) error {
	if got == nil {
		return fmt.Errorf("%s was allowed", what)
	}
	return fmt.Errorf("%s was answered with: %w", what, got)
}

// differs names an answer that is not the oracle's.
func differs(what string, got, want error) error {
	return fmt.Errorf("%s: the rows say %s, the answer is %s: %w", what, code(want), code(got), errors.Join(got, want))
}
