package sandbox_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/sandbox"
)

// notice is a received webhook in the words of a receiver.
type notice struct {
	id, at, retried string
	kind            string
	status          string
	amount          int64
	signed          bool
	fresh           bool
}

// notices takes what was received so far; the signature is computed here anew, by the documented rule.
func (w *world) notices() []notice {
	w.Helper()
	var out []notice
	for i, r := range w.received {
		var body struct {
			EventType string
			CreatedAt string
			Data      struct {
				Status      string
				TotalAmount int64
			}
		}
		if err := json.Unmarshal(w.bodies[i], &body); err != nil {
			w.Fatal(err)
		}
		n := notice{
			id: r.Header.Get("tosspayments-webhook-transmission-id"), at: r.Header.Get("tosspayments-webhook-transmission-time"),
			retried: r.Header.Get("tosspayments-webhook-transmission-retried-count"),
			kind:    body.EventType, status: body.Data.Status, amount: body.Data.TotalAmount,
		}
		mac := hmac.New(sha256.New, []byte(sandbox.DefaultWebhookSecret))
		_, _ = fmt.Fprintf(mac, "%s:%s", w.bodies[i], n.at)
		want := "v1:" + base64.StdEncoding.EncodeToString(mac.Sum(nil))
		n.signed = r.Header.Get("tosspayments-webhook-signature") == want
		at, err := time.Parse(time.RFC3339, n.at)
		n.fresh = err == nil && w.clock.Now().Sub(at) < 5*time.Minute
		out = append(out, n)
	}
	w.received, w.bodies = nil, nil
	return out
}

func TestNoticesOfAPaymentsLife(t *testing.T) {
	w := newWorld(t, nil)
	key := w.paid("order-1", 1_000)
	w.ok("POST", "/v1/payments/"+key+"/cancel", fields{"cancelReason": "변심", "cancelAmount": 300})
	w.ok("POST", "/v1/payments/"+key+"/cancel", fields{"cancelReason": "변심"})
	w.call("POST", "/v1/payments/confirm", w.authorised("order-2", 1_000, "decline"))
	w.checkout("order-3", 1_000)
	w.settle()
	got := w.notices()
	w.clock.Advance(time.Hour)
	w.settle()
	var states []string
	for _, n := range append(got, w.notices()...) {
		states = append(states, n.status)
		if !n.signed || !n.fresh || n.kind != "PAYMENT_STATUS_CHANGED" || n.retried != "0" || n.id == "" {
			t.Errorf("%+v", n)
		}
	}
	is(w, "states", strings.Join(states, " "), "DONE PARTIAL_CANCELED CANCELED ABORTED EXPIRED")
	is(w, "left", w.books().won("webhooksLeft"), 0)
}

// TestRetryLadder follows a notice that is never answered with 200 through all seven further tries.
func TestRetryLadder(t *testing.T) {
	w := newWorld(t, inFile(t))
	w.paid("order-1", 1_000)
	w.settle()
	w.notices()
	w.paid("order-2", 1_000)
	w.answers = []int{500, 500, 404, 302, 201, 500, 500, 500}
	w.settle()
	first := w.notices()
	is(w, "first try", len(first), 1)
	for i, minutes := range []int{1, 4, 16, 64, 256, 1024, 4096} {
		w.clock.Advance(time.Duration(minutes)*time.Minute - time.Second)
		w.settle()
		is(w, "too early", len(w.notices()), 0)
		if i == 2 {
			w.restart() // the outbox is durable
		}
		w.clock.Advance(time.Second)
		w.settle()
		got := w.notices()
		is(w, fmt.Sprintf("try after %d minutes", minutes), len(got), 1)
		is(w, "retried", got[0].retried, fmt.Sprint(i+1))
		is(w, "same notice", got[0].id, first[0].id)
		is(w, "signed anew", got[0].signed && got[0].fresh, true)
	}
	w.clock.Advance(30 * 24 * time.Hour)
	w.settle()
	is(w, "after the last", len(w.notices()), 0)
	failed := w.ok("GET", "/sandbox/webhooks?state=failed", nil)
	is(w, "kept for the tester", strings.Count(failed.text, `"order-2"`) > 0, true)
	w.ok("POST", "/sandbox/webhooks/resend?subject=order-2", nil)
	w.settle()
	is(w, "sent by hand", len(w.notices()), 1)
	is(w, "left", w.books().won("webhooksLeft"), 0)
}

func TestLadderInDemoMinutes(t *testing.T) {
	w := newWorld(t, func(o *sandbox.Options) { o.Minute = time.Second })
	w.paid("order-1", 1_000)
	w.answers = []int{500}
	w.settle()
	w.clock.Advance(time.Second)
	w.settle()
	is(w, "tries", len(w.notices()), 2)
}

func TestNoticeFaults(t *testing.T) {
	for _, c := range []struct {
		name    string
		webhook fields
		want    []string // what arrives: retried, state, signed, fresh
	}{
		{"twice", fields{"copies": 2}, []string{"DONE ok", "DONE ok"}},
		{"forged extra", fields{"extra": "forged"}, []string{"DONE ok", "DONE unsigned"}},
		{"altered extra", fields{"extra": "altered"}, []string{"DONE ok", "DONE unsigned"}},
		{"stale extra", fields{"extra": "stale"}, []string{"DONE ok", "DONE stale"}},
		{"dropped", fields{"drop": true}, nil},
		{"late", fields{"delaySeconds": 600}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, nil)
			w.fault(fields{"target": "order-1", "webhook": c.webhook})
			w.paid("order-1", 1_000)
			w.settle()
			var got []string
			for _, n := range w.notices() {
				how := "ok"
				if !n.signed {
					how = "unsigned"
				} else if !n.fresh {
					how = "stale"
				}
				got = append(got, n.status+" "+how)
			}
			is(w, "received", strings.Join(got, ", "), strings.Join(c.want, ", "))
			w.clock.Advance(10 * time.Minute)
			w.settle()
			late := 0
			if c.name == "late" {
				late = 1
			}
			is(w, "later", len(w.notices()), late)
		})
	}
}

func TestNoticesOvertake(t *testing.T) {
	w := newWorld(t, nil)
	w.fault(fields{"webhook": fields{"reorder": true}})
	key := w.paid("order-1", 1_000)
	w.ok("POST", "/v1/payments/"+key+"/cancel", fields{"cancelReason": "변심"})
	w.settle()
	w.clock.Advance(2 * time.Minute)
	w.settle()
	got := w.notices()
	is(w, "received", len(got), 2)
	is(w, "first", got[0].status, "CANCELED")
	is(w, "second", got[1].status, "DONE")
}

// TestResendLeavesWhatIsOnItsWay: a notice in flight is not sent a second time beside itself.
func TestResendLeavesWhatIsOnItsWay(t *testing.T) {
	w := newWorld(t, nil)
	w.onNotice = func() {
		is(w, "due", w.ok("POST", "/sandbox/webhooks/resend?subject=order-1", nil).won("due"), 0)
	}
	w.paid("order-1", 1_000)
	w.settle()
	is(w, "received", len(w.notices()), 1)
}

func TestPayoutNotices(t *testing.T) {
	w := newWorld(t, nil)
	w.ok("POST", "/bank/deposits", fields{"ref": "capital", "accountId": "custody", "amount": 50_000})
	w.transfer("pyt_1", 1_000)
	w.settle()
	got := w.notices()
	is(w, "received", len(got), 1)
	is(w, "kind", got[0].kind, "PAYOUT_STATUS_CHANGED")
	is(w, "state", got[0].status, "COMPLETED")
}
