package sandbox_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/dure-commerce/dure/internal/sandbox"
)

func TestOnlyTheKeyHolderIsAnswered(t *testing.T) {
	w := newWorld(t, nil)
	for name, c := range map[string]struct {
		user, password string
		status         int
		code           string
	}{
		"nobody":        {"", "", 401, "UNAUTHORIZED_KEY"},
		"wrong key":     {"test_sk_other", "", 400, "INVALID_API_KEY"},
		"with password": {sandbox.DefaultSecretKey, "x", 400, "INVALID_API_KEY"},
		"key holder":    {sandbox.DefaultSecretKey, "", 404, "NOT_FOUND_PAYMENT"},
	} {
		for _, path := range []string{"/v1/payments/pay_1", "/v1/payments/orders/ord_1"} {
			r, _ := http.NewRequestWithContext(t.Context(), "GET", "http://sandbox.example"+path, nil)
			if c.user != "" {
				r.SetBasicAuth(c.user, c.password)
			}
			a := w.send(r)
			if a.status != c.status || a.text1("code") != c.code {
				t.Errorf("%s: %d %s", name, a.status, a.text)
			}
		}
	}
	r, _ := http.NewRequestWithContext(t.Context(), "GET", "http://sandbox.example/healthz", nil)
	is(w, "health", w.send(r).status, 200)
}

func TestCheckoutRefusals(t *testing.T) {
	w := newWorld(t, nil)
	w.paid("order-paid", 1_000)
	for name, c := range map[string]struct {
		field string
		value any
		code  string
	}{
		"below minimum":  {"amount", 99, "BELOW_MINIMUM_AMOUNT"},
		"negative":       {"amount", -100, "BELOW_MINIMUM_AMOUNT"},
		"fraction":       {"amount", 1000.5, "INVALID_REQUEST"},
		"too much":       {"amount", 10_000_000_001, "INVALID_REQUEST"},
		"short order":    {"orderId", "abc", "INVALID_REQUEST"},
		"odd order":      {"orderId", "order 1?", "INVALID_REQUEST"},
		"paid order":     {"orderId", "order-paid", "DUPLICATED_ORDER_ID"},
		"dollars":        {"currency", "USD", "INVALID_REQUEST"},
		"no name":        {"orderName", "", "INVALID_REQUEST"},
		"script address": {"successUrl", "javascript:alert(1)", "INVALID_REQUEST"},
		"split policy":   {"failUrl", "https://a.example;script-src", "INVALID_REQUEST"},
		"long customer":  {"customerKey", strings.Repeat("x", 301), "INVALID_REQUEST"},
	} {
		body := checkoutBody("order-1", 1_000)
		body[c.field] = c.value
		if a := w.call("POST", "/sandbox/checkouts", body); a.status != 400 || a.text1("code") != c.code {
			t.Errorf("%s: %d %s", name, a.status, a.text)
		}
	}
	long := checkoutBody("order-1", 1_000)
	long["orderName"] = strings.Repeat("가", 40_000)
	is(w, "long body", w.call("POST", "/sandbox/checkouts", long).text1("code"), "INVALID_REQUEST")
}

// TestIdempotencyKey follows the gateway's documentation: a key belongs to secret key, address and method, lives 15
// days, and the body is not looked at.
func TestIdempotencyKey(t *testing.T) {
	w := newWorld(t, inFile(t))
	one, two := w.authorised("order-1", 1_000, "ok"), w.authorised("order-2", 2_000, "ok")
	const key = "Idempotency-Key"
	first := w.ok("POST", "/v1/payments/confirm", one, key, "k")
	other := w.ok("POST", "/v1/payments/confirm", two, key, "k")
	is(w, "another body's answer", other.text, first.text)
	w.restart()
	is(w, "after a restart", w.ok("POST", "/v1/payments/confirm", two, key, "k").text, first.text)
	is(w, "captured", w.books().won("captured"), 1_000)

	path := "/v1/payments/" + first.text1("paymentKey") + "/cancel"
	cancel := w.ok("POST", path, fields{"cancelReason": "변심", "cancelAmount": 300}, key, "k")
	is(w, "another address's answer", cancel.won("balanceAmount"), 700)
	w.ok("POST", path, fields{"cancelReason": "변심", "cancelAmount": 300}, key, "k")
	is(w, "cancelled", w.books().won("canceled"), 300)

	refused := w.call("POST", path, fields{"cancelReason": "변심", "cancelAmount": 701}, key, "r")
	is(w, "refusal", refused.text1("code"), "NOT_CANCELABLE_AMOUNT")
	kept := w.call("POST", path, fields{"cancelReason": "변심", "cancelAmount": 1}, key, "r")
	is(w, "kept refusal", kept.text, refused.text)

	w.ok("POST", path, fields{"cancelReason": "변심", "cancelAmount": 1}, key, strings.Repeat("k", 300))
	long := w.call("POST", path, fields{"cancelReason": "변심", "cancelAmount": 1}, key, strings.Repeat("k", 301))
	is(w, "long key", long.text1("code"), "INVALID_IDEMPOTENCY_KEY")

	w.clock.Advance(15*24*time.Hour - time.Second)
	is(w, "on the 15th day", w.ok("POST", "/v1/payments/confirm", two, key, "k").text, first.text)
	w.clock.Advance(time.Second)
	expired := w.call("POST", "/v1/payments/confirm", two, key, "k")
	is(w, "after 15 days", expired.text1("code"), "NOT_FOUND_PAYMENT_SESSION")
	w.settle()
	is(w, "once forgotten", w.call("POST", "/v1/payments/confirm", two, key, "k").text1("orderId"), "")
}

func TestConfirmRefusals(t *testing.T) {
	w := newWorld(t, nil)
	ready := w.ok("POST", "/sandbox/checkouts", checkoutBody("order-r", 1_000)).text1("checkoutKey")
	good := w.authorised("order-1", 1_000, "ok")
	with := func(name string, value any) fields {
		out := fields{}
		for k, v := range good {
			out[k] = v
		}
		out[name] = value
		return out
	}
	for _, c := range []struct {
		body   fields
		status int
		code   string
	}{
		{with("paymentKey", "pay_nobody"), 404, "NOT_FOUND_PAYMENT"},
		{with("amount", 999), 400, "INVALID_REQUEST"},
		{with("amount", 1_001), 400, "INVALID_REQUEST"},
		{with("orderId", "order-r"), 400, "INVALID_REQUEST"},
		{good, 200, ""},
		{good, 400, "ALREADY_PROCESSED_PAYMENT"},
	} {
		a := w.call("POST", "/v1/payments/confirm", c.body)
		if a.status != c.status || a.text1("code") != c.code {
			t.Errorf("%v: %d %s", c.body, a.status, a.text)
		}
	}
	is(w, "captured", w.books().won("captured"), 1_000)
	a := w.call("POST", "/sandbox/checkouts/"+ready+"/authorize", fields{"instrument": "gold"})
	is(w, "unknown instrument", a.text1("code"), "INVALID_REQUEST")
	is(w, "unknown checkout", w.call("POST", "/sandbox/checkouts/chk_x/authorize", fields{"instrument": "ok"}).status, 404)
}

func TestPaymentExpires(t *testing.T) {
	w := newWorld(t, nil)
	chosen := w.authorised("order-1", 1_000, "ok")
	ready := w.checkout("order-2", 1_000)
	w.clock.Advance(10 * time.Minute)
	is(w, "confirm", w.call("POST", "/v1/payments/confirm", chosen).text1("code"), "NOT_FOUND_PAYMENT_SESSION")
	w.settle()
	is(w, "chosen", w.ok("GET", "/v1/payments/orders/order-1", nil).text1("status"), "EXPIRED")
	is(w, "ready", w.ok("GET", "/v1/payments/orders/order-2", nil).text1("status"), "READY")
	w.clock.Advance(20 * time.Minute)
	w.settle()
	is(w, "ready later", w.ok("GET", "/v1/payments/orders/order-2", nil).text1("status"), "EXPIRED")
	late := w.call("POST", "/sandbox/checkouts/"+ready+"/authorize", fields{"instrument": "ok"})
	is(w, "too late", late.text1("code"), "NOT_FOUND_PAYMENT_SESSION")
}

func TestCancelRefusals(t *testing.T) {
	w := newWorld(t, nil)
	open := w.authorised("order-1", 1_000, "ok")["paymentKey"].(string)
	paid := w.paid("order-2", 1_000)
	for _, c := range []struct {
		key    string
		body   fields
		status int
		code   string
	}{
		{"pay_x", fields{"cancelReason": "변심"}, 404, "NOT_FOUND_PAYMENT"},
		{open, fields{"cancelReason": "변심"}, 403, "NOT_CANCELABLE_PAYMENT"},
		{paid, fields{"cancelAmount": 100}, 400, "INVALID_REQUEST"},
		{paid, fields{"cancelReason": "변심", "cancelAmount": 0}, 403, "NOT_CANCELABLE_AMOUNT"},
		{paid, fields{"cancelReason": "변심", "cancelAmount": -1}, 403, "NOT_CANCELABLE_AMOUNT"},
		{paid, fields{"cancelReason": "변심", "cancelAmount": 1_001}, 403, "NOT_CANCELABLE_AMOUNT"},
		{paid, fields{"cancelReason": "변심", "cancelAmount": 400}, 200, ""},
		{paid, fields{"cancelReason": "변심", "cancelAmount": 601}, 403, "NOT_CANCELABLE_AMOUNT"},
		{paid, fields{"cancelReason": "변심"}, 200, ""},
		{paid, fields{"cancelReason": "변심"}, 400, "ALREADY_CANCELED_PAYMENT"},
	} {
		a := w.call("POST", "/v1/payments/"+c.key+"/cancel", c.body)
		if a.status != c.status || a.text1("code") != c.code {
			t.Errorf("%v: %d %s", c.body, a.status, a.text)
		}
	}
	a := w.ok("GET", "/v1/payments/"+paid, nil)
	is(w, "state", a.text1("status"), "CANCELED")
	is(w, "cancels", len(a.fields["cancels"].([]any)), 2)
	is(w, "books", w.books().won("canceled"), 1_000)
}

// TestBooksHoldWhateverHappens drives random sequences of everything a caller can do, over restarts and days, and
// compares the sandbox's sums with a model that only counts what was answered or looked up.
func TestBooksHoldWhateverHappens(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		w := newWorld(t, inFile(t))
		defer func() { _ = w.box.Close() }()
		type payment struct{ amount, left int64 }
		payments := map[string]*payment{}
		var keys []string
		var captured, canceled int64
		steps := rapid.IntRange(5, 25).Draw(rt, "steps")
		for i := range steps {
			switch rapid.IntRange(0, 5).Draw(rt, "what") {
			case 0, 1:
				won := rapid.Int64Range(100, 1_000_000).Draw(rt, "won")
				key := w.paid(fmt.Sprintf("order-%04d", i), won)
				payments[key], keys, captured = &payment{won, won}, append(keys, key), captured+won
			case 2, 3:
				if len(keys) == 0 {
					continue
				}
				key := keys[rapid.IntRange(0, len(keys)-1).Draw(rt, "which")]
				won := rapid.Int64Range(1, 600_000).Draw(rt, "back")
				a := w.call("POST", "/v1/payments/"+key+"/cancel", fields{"cancelReason": "변심", "cancelAmount": won})
				if p := payments[key]; won <= p.left {
					is(w, "cancel", a.status, 200)
					p.left -= won
					canceled += won
				} else if a.status == 200 {
					rt.Fatalf("cancelled %d of %d", won, p.left)
				}
			case 4:
				w.clock.Advance(time.Duration(rapid.IntRange(1, 80).Draw(rt, "hours")) * time.Hour)
				w.settle()
			case 5:
				w.restart()
			}
			b := w.books()
			is(w, "captured", b.won("captured"), captured)
			is(w, "canceled", b.won("canceled"), canceled)
			is(w, "gross", b.won("settledGross")+b.won("unsettledGross"), captured-canceled)
			is(w, "net", b.won("paidOut")+b.won("awaitingPayout"), b.won("settledGross")-b.won("settledFee"))
			custody := w.ok("GET", "/bank/accounts/custody", nil)
			is(w, "custody", custody.won("balance"), b.won("paidOut"))
		}
	})
}
