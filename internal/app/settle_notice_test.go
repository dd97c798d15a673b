package app_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/app/apptest"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/market/settlement"
	"github.com/dure-commerce/dure/internal/sandbox"
	signed "github.com/dure-commerce/dure/internal/sandbox/hook"
	"github.com/dure-commerce/dure/internal/web/hook"
)

// banknote is a notice of the bank about a transfer, as it might come.
type banknote struct {
	id, reference, status string
	secret                string
	sent                  time.Time
}

// tell sends a notice to our door and gives the status of its answer.
func (t *till) tell(n banknote) int {
	t.T.Helper()
	body, err := json.Marshal(map[string]any{"eventType": "PAYOUT_STATUS_CHANGED",
		"createdAt": n.sent.Format(time.RFC3339),
		"data": map[string]any{"ref": n.reference, "from": "custody", "amount": 17_274, "status": n.status,
			"failureCode": "INVALID_ACCOUNT"}})
	t.Must(err)
	r := httptest.NewRequestWithContext(t.Ctx, http.MethodPost, "/hooks/gateway", bytes.NewReader(body))
	signed.Sign(r.Header, n.secret, body, signed.Sent{ID: n.id, At: n.sent})
	mux := http.NewServeMux()
	hook.Routes(mux, hook.Deps{Gateway: t.Gateway, Now: t.Clock.Now, Notice: t.Checkout.Notice, Log: t.Log})
	answer := httptest.NewRecorder()
	mux.ServeHTTP(answer, r)
	return answer.Code
}

// jobs works off the queue and nothing else: no look of the bank's own statement.
func (t *till) jobs() {
	t.T.Helper()
	for range 100 {
		worked, err := t.Queue.RunOnce(t.Ctx)
		t.Must(err)
		if !worked {
			return
		}
	}
	t.T.Fatal("the queue does not end")
}

// sent brings the payout of 17,274 to the bank, which has accepted it and not yet carried it out.
func (t *till) sent() settlement.Payout {
	t.T.Helper()
	t.at("10 10:04")
	t.Clock.Advance(2 * time.Minute)
	for _, w := range t.Settle.Workers() {
		if w.Name == "settle.payouts" {
			_, err := w.RunOnce(t.Ctx)
			t.Must(err)
		}
	}
	t.jobs()
	list, err := settlement.PayoutsOf(t.Ctx, t.DB, shop, "", 10)
	t.Must(err)
	if len(list) != 1 || !list[0].Sent() {
		t.T.Fatalf("payouts %+v", list)
	}
	return list[0]
}

func (t *till) looks() int64 {
	t.T.Helper()
	n, err := db.One(t.Ctx, t.DB, db.Scalar[int64], `SELECT count(*) FROM kit_job WHERE kind = 'transfer.look'`)
	t.Must(err)
	return n
}

// TestBankNotices: a notice wakes the look, which alone decides. Forged and old ones are refused, doubled ones look
// once, and what a notice says of itself changes nothing.
func TestBankNotices(t *testing.T) {
	const sentState, arrived, back = `2026-03-10 17274 sent - replaces=false`,
		`2026-03-10 17274 confirmed - replaces=false`, `
			2026-03-10 17274 returned - replaces=false
			2026-03-10 17274 held bank_account replaces=true`
	good := sandbox.DefaultWebhookSecret
	for _, row := range []struct {
		name   string
		fate   string // of the transfer at the bank, "" to carry it out
		moved  bool   // the bank has done its part before the notices come
		notes  []banknote
		answer int
		looks  int64
		want   string
	}{
		{"carried out", "", true, []banknote{{id: "n1", status: "COMPLETED", secret: good}}, 200, 1, arrived},
		{"doubled", "", true, []banknote{{id: "n1", status: "COMPLETED", secret: good},
			{id: "n1", status: "COMPLETED", secret: good}}, 200, 1, arrived},
		{"late", "", true, []banknote{{id: "n1", status: "COMPLETED", secret: good},
			{id: "n0", status: "ACCEPTED", secret: good}}, 200, 2, arrived},
		{"out of order", "", true, []banknote{{id: "n2", status: "RETURNED", secret: good},
			{id: "n1", status: "COMPLETED", secret: good}}, 200, 2, arrived},
		{"too early", "", false, []banknote{{id: "n1", status: "COMPLETED", secret: good}}, 200, 1, sentState},
		{"a failure that never was", "", true, []banknote{{id: "n1", status: "FAILED", secret: good}}, 200, 1, arrived},
		{"failed", "reject", true, []banknote{{id: "n1", status: "FAILED", secret: good}}, 200, 1, back},
		{"a success that never was", "reject", true, []banknote{{id: "n1", status: "COMPLETED", secret: good}}, 200, 1, back},
		{"of nobody", "", true, []banknote{{id: "n1", reference: "out_other-1", status: "FAILED", secret: good}}, 200, 1,
			sentState},
		{"forged", "", true, []banknote{{id: "n1", status: "FAILED", secret: "another secret"}}, 401, 0, sentState},
		{"old", "", true, []banknote{{id: "n1", status: "FAILED", secret: good, sent: time.Unix(1_700_000_000, 0)}}, 401, 0,
			sentState},
	} {
		t.Run(row.name, func(t *testing.T) {
			apptest.Each(t, func(w *apptest.World) {
				s := paidOnce(w)
				if row.fate != "" {
					s.fault(map[string]any{"target": "*", "steps": map[string]any{
						"execution": map[string]any{"mode": row.fate, "times": 1}}})
				}
				p := s.sent()
				if row.moved {
					s.Clock.Advance(5 * time.Minute)
					s.settle()
				}
				for _, n := range row.notes {
					if n.sent.IsZero() {
						n.sent = s.Clock.Now()
					}
					if n.reference == "" {
						n.reference = p.Reference()
					}
					if got := s.tell(n); got != row.answer {
						w.T.Fatalf("answered %d", got)
					}
					s.jobs()
				}
				s.same("payouts", s.payouts(), row.want)
				if got := s.looks(); got != row.looks {
					w.T.Fatalf("%d looks", got)
				}
				s.at("11 12:00")
				s.sound()
			})
		})
	}
}
