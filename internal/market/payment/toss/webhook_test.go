package toss_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/payment/toss"
	"github.com/dure-commerce/dure/internal/sandbox/hook"
)

func verifier(t testing.TB, secrets ...string) *toss.Client {
	t.Helper()
	c, err := toss.New(toss.Options{URL: "https://api.example", WebhookSecret: secrets})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const paidBody = `{"eventType":"PAYMENT_STATUS_CHANGED","createdAt":"2026-10-14T12:00:00.000000","data":{` +
	`"paymentKey":"pay_1","orderId":"ord_1","status":"DONE","totalAmount":1000,"balanceAmount":1000,"currency":"KRW"}}`

func signed(secret, body string, at time.Time) http.Header {
	h := http.Header{}
	hook.Sign(h, secret, []byte(body), hook.Sent{ID: "whk_1", At: at, Attempt: 2})
	return h
}

func TestVerifyWebhook(t *testing.T) {
	event, err := verifier(t, secret).VerifyWebhook(signed(secret, paidBody, noon), []byte(paidBody), noon)
	if err != nil {
		t.Fatal(err)
	}
	want := gateway.Payment{
		PaymentKey: "pay_1", OrderID: "ord_1", Status: gateway.StatusDone, Currency: "KRW", Amount: 1000, Balance: 1000,
	}
	if event.ID != "whk_1" || event.Attempt != 2 || !event.CreatedAt.Equal(noon) || event.Payment.Amount != want.Amount ||
		event.Payment.PaymentKey != want.PaymentKey || event.Payment.Status != want.Status {
		t.Errorf("%+v", event)
	}
}

func TestUnverifiedWebhooks(t *testing.T) {
	good := func() http.Header { return signed(secret, paidBody, noon) }
	with := func(name, value string) http.Header {
		h := good()
		h.Set("tosspayments-webhook-"+name, value)
		return h
	}
	signature := good().Get("tosspayments-webhook-signature")
	nextSecond := noon.Add(time.Second).Format(time.RFC3339)
	for name, c := range map[string]struct {
		header http.Header
		body   string
		now    time.Time
		code   string
	}{
		"no headers":         {http.Header{}, paidBody, noon, gateway.CodeForged},
		"no signature":       {with("signature", ""), paidBody, noon, gateway.CodeForged},
		"signature is there": {with("signature", "v1:AAAA"), paidBody, noon, gateway.CodeForged},
		"empty signature":    {with("signature", "v1:"), paidBody, noon, gateway.CodeForged},
		"other secret":       {signed("other", paidBody, noon), paidBody, noon, gateway.CodeForged},
		"empty secret":       {signed("", paidBody, noon), paidBody, noon, gateway.CodeForged},
		"altered body":       {good(), strings.Replace(paidBody, "1000", "9000", 1), noon, gateway.CodeForged},
		"altered time":       {with("transmission-time", nextSecond), paidBody, noon, gateway.CodeForged},
		"no time":            {with("transmission-time", ""), paidBody, noon, gateway.CodeForged},
		"too old":            {good(), paidBody, noon.Add(5*time.Minute + time.Second), gateway.CodeStale},
		"from the future":    {good(), paidBody, noon.Add(-5*time.Minute - time.Second), gateway.CodeStale},
		"not json":           {signed(secret, "paid", noon), "paid", noon, gateway.CodeUnreadable},
		"wrong types":        {signed(secret, `{"eventType":7}`, noon), `{"eventType":7}`, noon, gateway.CodeUnreadable},
		"many signatures":    {with("signature", strings.Repeat("AAAA,", 8)+signature), paidBody, noon, gateway.CodeForged},
		"endless signature":  {with("signature", strings.Repeat("A", 2000)), paidBody, noon, gateway.CodeForged},
		"endless body":       {good(), paidBody + strings.Repeat(" ", toss.WebhookMax), noon, gateway.CodeForged},
	} {
		_, err := verifier(t, "old", secret).VerifyWebhook(c.header, []byte(c.body), c.now)
		if gateway.CodeOf(err) != c.code || gateway.OutcomeOf(err) != gateway.Declined {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := verifier(t).VerifyWebhook(signed("", paidBody, noon), []byte(paidBody), noon); err == nil {
		t.Error("a client without a secret believed a notice signed with none")
	}
	if _, err := verifier(t, "").VerifyWebhook(signed("", paidBody, noon), []byte(paidBody), noon); err == nil {
		t.Error("a client with an empty secret believed a notice signed with it")
	}
}

// TestSecretIsReplaced: while a secret is being replaced both ends may use either.
func TestSecretIsReplaced(t *testing.T) {
	const name = "tosspayments-webhook-signature"
	h, old := signed("new", paidBody, noon), signed("old", paidBody, noon)
	h.Set(name, old.Get(name)+", "+h.Get(name))
	for _, secrets := range [][]string{{"old"}, {"new"}, {"x", "new"}} {
		if _, err := verifier(t, secrets...).VerifyWebhook(h, []byte(paidBody), noon); err != nil {
			t.Errorf("%v: %v", secrets, err)
		}
	}
}

func TestUnknownEventIsReadable(t *testing.T) {
	body := `{"eventType":"SELLER_CHANGED","createdAt":"2026-10-14T12:00:00.000000","data":[1]}`
	event, err := verifier(t, secret).VerifyWebhook(signed(secret, body, noon), []byte(body), noon)
	if err != nil || event.Kind != "SELLER_CHANGED" {
		t.Errorf("%+v %v", event, err)
	}
}

// FuzzVerifyWebhook looks for a notice that is believed without the secret, and for a crash on one that was signed.
func FuzzVerifyWebhook(f *testing.F) {
	good := signed(secret, paidBody, noon)
	sig, at := good.Get("tosspayments-webhook-signature"), good.Get("tosspayments-webhook-transmission-time")
	f.Add([]byte(paidBody), at, sig)
	f.Add([]byte(paidBody), at, "v1:"+sig)
	f.Add([]byte("{}"), "", "v1:,,,")
	f.Add([]byte(`{"eventType":"PAYOUT_STATUS_CHANGED","data":{"amount":1}}`), "2026-10-14T12:00:00+09:00", "")
	c := verifier(f, "old", secret)
	f.Fuzz(func(t *testing.T, body []byte, at, signature string) {
		h := http.Header{}
		h.Set("tosspayments-webhook-transmission-time", at)
		h.Set("tosspayments-webhook-signature", signature)
		if _, err := c.VerifyWebhook(h, body, noon); err == nil && string(body) != paidBody {
			t.Fatalf("believed without the secret: %q %q %q", body, at, signature)
		}
		event, err := c.VerifyWebhook(signed(secret, string(body), noon), body, noon)
		if err != nil && gateway.CodeOf(err) != gateway.CodeUnreadable && len(body) <= toss.WebhookMax {
			t.Fatalf("signed well, yet %v", err)
		}
		if err == nil && event.Payment.Amount != 0 && event.Kind != gateway.EventPaymentStatusChanged {
			t.Fatalf("an amount out of another event: %+v", event)
		}
	})
}
