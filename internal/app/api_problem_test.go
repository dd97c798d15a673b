package app_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/kit/clock"
)

// TestAPIAnswersProgramsWithProblems wants a problem also where there is no operation, and one wrong value named by
// its own field in the reader's language.
func TestAPIAnswersProgramsWithProblems(t *testing.T) {
	s, guest := site(t, clock.NewFake(time.Date(2026, 3, 4, 1, 0, 0, 0, time.UTC)))
	admit(t, s, "buyer1@demo.dure")
	buyer := guest.as("buyer1@demo.dure")
	for _, c := range []struct {
		method, path string
		status       int
		code         string
		body         any
	}{
		{http.MethodGet, "/nothing", http.StatusNotFound, "request.no_operation", nil},
		{http.MethodDelete, "/deals", http.StatusMethodNotAllowed, "request.other_method", nil},
		{http.MethodPut, "/orders", http.StatusMethodNotAllowed, "request.other_method", map[string]any{}},
		{http.MethodPost, "/redemptions/check", http.StatusForbidden, "right.forbidden", map[string]any{"code": "x"}},
		{http.MethodGet, "/statements", http.StatusForbidden, "right.forbidden", nil},
	} {
		a := buyer.call(c.method, c.path, "problem-key", c.body)
		if a.status != c.status || a.body["code"] != c.code || a.body["detail"] == "" {
			t.Errorf("%s %s: %d %v", c.method, c.path, a.status, a.body)
		}
	}
	a := buyer.call(http.MethodPost, "/orders", "problem-key-2", map[string]any{"deal_id": 5, "quantity": -1, "tip": 3})
	faults := map[string]string{}
	for _, one := range a.body["errors"].([]any) {
		f := one.(map[string]any)
		faults[fmt.Sprint(f["field"])] = fmt.Sprintf("%s %s", f["code"], f["detail"])
	}
	for field, want := range map[string]string{
		"deal_id":   "request.fault.text 글자로 적어 주세요.",
		"option_id": "request.fault.missing 꼭 있어야 하는 값이에요.",
		"quantity":  "request.fault.least 1 이상이어야 해요.",
		"tip":       "request.fault.unknown 모르는 항목이에요.",
	} {
		if faults[field] != want {
			t.Errorf("%s: %q, want %q", field, faults[field], want)
		}
	}
}
