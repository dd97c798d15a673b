package sandbox_test

import (
	"net/http"
	"testing"
)

// outsideStep is one call from outside, what it changes, and how that is seen.
type outsideStep struct {
	name    string
	prepare func(w *world) (path string, body fields)
	// happened gives how often the step has had its effect.
	happened func(w *world, body fields) int64
}

func outsideSteps() []outsideStep {
	return []outsideStep{
		{"prepare", func(*world) (string, fields) { return "/sandbox/checkouts", checkoutBody("order-p", 9_900) },
			func(w *world, _ fields) int64 {
				return w.books().under("payments", "READY")
			}},
		{"authorize", func(w *world) (string, fields) {
			return "/sandbox/checkouts/" + w.checkout("order-a", 9_900) + "/authorize", fields{"instrument": "ok"}
		}, func(w *world, _ fields) int64 { return w.books().under("payments", "IN_PROGRESS") }},
		{"confirm", func(w *world) (string, fields) {
			return "/v1/payments/confirm", w.authorised("order-c", 9_900, "ok")
		}, func(w *world, _ fields) int64 { return w.books().won("captured") / 9_900 }},
		{"cancel", func(w *world) (string, fields) {
			key := w.paid("order-x", 9_900)
			return "/v1/payments/" + key + "/cancel", fields{"cancelReason": "변심", "cancelAmount": 3_000}
		}, func(w *world, _ fields) int64 { return w.books().won("canceled") / 3_000 }},
		{"transfer", func(w *world) (string, fields) {
			w.ok("POST", "/bank/deposits", fields{"ref": "capital", "accountId": "custody", "amount": 50_000})
			return "/bank/transfers", fields{
				"ref": "pyt_1", "from": "custody", "amount": 7_000,
				"to": fields{"bankCode": "088", "accountNumber": "110-1", "holderName": "김빵집"},
			}
		}, func(w *world, _ fields) int64 { return w.books().under("transfers", "ACCEPTED") / 7_000 }},
	}
}

// TestOutsideSteps is the table of every outside step × failed × failed but happened, with and without a restart
// before the caller asks again with the same key. However it goes, the effect is there exactly once at the end.
func TestOutsideSteps(t *testing.T) {
	modes := []struct {
		mode   string
		status int // of the faulty answer, 0 for none at all
		done   int64
	}{
		{"error_before", http.StatusInternalServerError, 0},
		{"error_after", http.StatusInternalServerError, 1},
		{"timeout_before", 0, 0},
		{"timeout_after", 0, 1},
		{"temporary", http.StatusBadRequest, 0},
		{"slow", http.StatusOK, 1},
	}
	for _, step := range outsideSteps() {
		for _, m := range modes {
			for _, restart := range []bool{false, true} {
				name := step.name + " " + m.mode
				if restart {
					name += " and a restart"
				}
				t.Run(name, func(t *testing.T) {
					w := newWorld(t, inFile(t))
					path, body := step.prepare(w)
					w.fault(fields{"target": "*", "steps": fields{step.name: fields{"mode": m.mode, "times": 1}}})
					got := w.call("POST", path, body, "Idempotency-Key", "once")
					is(w, "status", got.status, m.status)
					is(w, "effects after the fault", step.happened(w, body), m.done)
					if restart {
						w.restart()
						is(w, "effects after the restart", step.happened(w, body), m.done)
					}
					w.ok("POST", path, body, "Idempotency-Key", "once")
					is(w, "effects after repeating", step.happened(w, body), 1)
					again := w.ok("POST", path, body, "Idempotency-Key", "once")
					is(w, "repeated answer", again.text, w.ok("POST", path, body, "Idempotency-Key", "once").text)
					is(w, "effects in the end", step.happened(w, body), 1)
				})
			}
		}
	}
}

// TestReadsFail shows that lookups too can fail, and only as often as planned.
func TestReadsFail(t *testing.T) {
	w := newWorld(t, nil)
	key := w.paid("order-1", 9_900)
	w.fault(fields{"target": "order-1", "steps": fields{"lookup": fields{"mode": "timeout_before", "times": 2}}})
	is(w, "first", w.call("GET", "/v1/payments/orders/order-1", nil).status, 0)
	is(w, "second", w.call("GET", "/v1/payments/"+key, nil).status, 0)
	is(w, "third", w.call("GET", "/v1/payments/"+key, nil).status, http.StatusOK)
	w.paid("order-2", 9_900)
	w.fault(fields{"target": "order-2", "steps": fields{"lookup": fields{"mode": "error_before"}}})
	for range 3 {
		is(w, "lasting", w.call("GET", "/v1/payments/orders/order-2", nil).status, http.StatusInternalServerError)
	}
	w.ok("DELETE", "/sandbox/faults?target=order-2", nil)
	w.ok("GET", "/v1/payments/orders/order-2", nil)
}

func TestBadPlansAreRefused(t *testing.T) {
	w := newWorld(t, nil)
	for name, plan := range map[string]fields{
		"step":    {"steps": fields{"dream": fields{"mode": "slow"}}},
		"mode":    {"steps": fields{"confirm": fields{"mode": "bounce"}}},
		"times":   {"steps": fields{"confirm": fields{"mode": "slow", "times": -1}}},
		"copies":  {"webhook": fields{"copies": 101}},
		"extra":   {"webhook": fields{"extra": "friendly"}},
		"garbage": {"target": 7},
	} {
		if a := w.call("PUT", "/sandbox/faults", plan); a.status != http.StatusBadRequest {
			t.Errorf("%s: %d %s", name, a.status, a.text)
		}
	}
}

func TestInstruments(t *testing.T) {
	for _, c := range []struct {
		instrument    string
		status        int
		code          string
		captured      int64
		repeated      int // status of a repetition with the same key
		afterRepeated int64
	}{
		{"ok", 200, "", 9_900, 200, 9_900},
		{"slow", 200, "", 9_900, 200, 9_900},
		{"decline", 403, "REJECT_CARD_COMPANY", 0, 403, 0},
		{"timeout_charged", 0, "", 9_900, 200, 9_900},
		{"error_after_charge", 500, "FAILED_DB_PROCESSING", 9_900, 200, 9_900},
		{"error_before_charge", 500, "FAILED_DB_PROCESSING", 0, 200, 9_900},
	} {
		t.Run(c.instrument, func(t *testing.T) {
			w := newWorld(t, nil)
			body := w.authorised("order-1", 9_900, c.instrument)
			a := w.call("POST", "/v1/payments/confirm", body, "Idempotency-Key", "k")
			is(w, "status", a.status, c.status)
			is(w, "code", a.text1("code"), c.code)
			is(w, "captured", w.books().won("captured"), c.captured)
			is(w, "repeated", w.call("POST", "/v1/payments/confirm", body, "Idempotency-Key", "k").status, c.repeated)
			is(w, "captured in the end", w.books().won("captured"), c.afterRepeated)
		})
	}
}
