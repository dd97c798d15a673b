package gateway_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/dure-commerce/dure/internal/market/payment/gateway"
)

func TestOutcomeOf(t *testing.T) {
	declined := &gateway.Error{Outcome: gateway.Declined, Step: "confirm", Code: "REJECT_CARD_COMPANY"}
	for _, c := range []struct {
		err  error
		want gateway.Outcome
		code string
		name string
	}{
		{nil, gateway.OK, "", "ok"},
		{errors.New("anything"), gateway.Unknown, "", "unknown"},
		{declined, gateway.Declined, "REJECT_CARD_COMPANY", "declined"},
		{fmt.Errorf("flow: %w", declined), gateway.Declined, "REJECT_CARD_COMPANY", "declined"},
		{&gateway.Error{}, gateway.Unknown, "", "unknown"},
		{&gateway.Error{Outcome: gateway.Retryable}, gateway.Retryable, "", "retryable"},
		{&gateway.Error{Outcome: gateway.NotFound}, gateway.NotFound, "", "not_found"},
		{&gateway.Error{Outcome: 99}, 99, "", "unknown"},
	} {
		got := gateway.OutcomeOf(c.err)
		if got != c.want || got.String() != c.name || gateway.CodeOf(c.err) != c.code {
			t.Errorf("%v: %d %s %q", c.err, got, got, gateway.CodeOf(c.err))
		}
	}
}

func TestStates(t *testing.T) {
	for state, want := range map[gateway.Status]struct{ captured, final bool }{
		gateway.StatusReady:           {false, false},
		gateway.StatusInProgress:      {false, false},
		gateway.StatusDone:            {true, false},
		gateway.StatusPartialCanceled: {true, false},
		gateway.StatusCanceled:        {true, true},
		gateway.StatusAborted:         {false, true},
		gateway.StatusExpired:         {false, true},
	} {
		if state.Captured() != want.captured || state.Final() != want.final {
			t.Errorf("%s: captured %v, final %v", state, state.Captured(), state.Final())
		}
	}
	p := gateway.Payment{Cancels: []gateway.Cancel{{Amount: 300}, {Amount: 33}}}
	if p.Canceled() != 333 {
		t.Errorf("cancelled %d", p.Canceled())
	}
}
