package sandbox_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// visit opens a page as a browser without script would; form nil is a GET.
func (w *world) visit(path string, form url.Values, language string) *http.Response {
	w.Helper()
	method, body := "GET", ""
	if form != nil {
		method, body = "POST", form.Encode()
	}
	r, err := http.NewRequestWithContext(w.Context(), method, "http://sandbox.example"+path, strings.NewReader(body))
	if err != nil {
		w.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Accept-Language", language)
	got, err := w.box.Transport().RoundTrip(r)
	if err != nil {
		w.Fatal(err)
	}
	return got
}

func (w *world) read(r *http.Response) string {
	w.Helper()
	var b strings.Builder
	buffer := make([]byte, 4096)
	for {
		n, err := r.Body.Read(buffer)
		b.Write(buffer[:n])
		if err != nil {
			return b.String()
		}
	}
}

func TestPageSpeaksBothLanguages(t *testing.T) {
	w := newWorld(t, nil)
	body := checkoutBody("order-1", 1_234_500)
	body["orderName"] = `<script>alert(1)</script> 빵`
	key := w.ok("POST", "/sandbox/checkouts", body).text1("checkoutKey")
	english := checkoutBody("order-2", 1_000)
	english["locale"] = "en"
	keyEnglish := w.ok("POST", "/sandbox/checkouts", english).text1("checkoutKey")
	for _, c := range []struct {
		path, accept, lang, words string
	}{
		{"/pay/" + key, "ko-KR", "ko", "실제로 돈이 빠져나가지 않아요"},
		{"/pay/" + key, "", "ko", "1,234,500원 결제하기"},
		{"/pay/" + key, "en-GB,en;q=0.9", "en", "No money will move"},
		{"/pay/" + key + "?lang=en", "ko-KR", "en", "Pay ₩1,234,500"},
		{"/pay/" + keyEnglish, "ko-KR", "en", "Practice payment page"},
		{"/pay/" + keyEnglish + "?lang=ko", "en", "ko", "연습용 결제창"},
	} {
		r := w.visit(c.path, nil, c.accept)
		text := w.read(r)
		if r.StatusCode != 200 || !strings.Contains(text, `<html lang="`+c.lang+`">`) || !strings.Contains(text, c.words) {
			t.Errorf("%s %s: %d\n%s", c.path, c.accept, r.StatusCode, text)
		}
		if strings.Contains(text, "<script") || strings.Contains(text, "style=") || strings.Contains(text, ">page.") {
			t.Errorf("%s: script, inline style or a missing text:\n%s", c.path, text)
		}
		policy := r.Header.Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'; style-src 'self';") ||
			!strings.Contains(policy, "form-action 'self' https://dure.example") {
			t.Errorf("policy: %s", policy)
		}
	}
	style := w.visit("/pay/style.css", nil, "")
	is(w, "style", style.Header.Get("Content-Type"), "text/css; charset=utf-8")
}

func TestPayerChooses(t *testing.T) {
	w := newWorld(t, inFile(t))
	key := w.checkout("order-1", 1_000)
	r := w.visit("/pay/"+key, url.Values{"act": {"pay"}, "instrument": {"ok"}}, "ko")
	is(w, "status", r.StatusCode, http.StatusSeeOther)
	to, err := url.Parse(r.Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	q := to.Query()
	is(w, "address", to.Host+to.Path, "dure.example/paid")
	is(w, "kept parameter", q.Get("from"), "pg")
	is(w, "order", q.Get("orderId"), "order-1")
	is(w, "amount", q.Get("amount"), "1000")
	// Going back and pressing once more is allowed until the shop confirms, and gives the same payment.
	w.restart()
	again := w.visit("/pay/"+key, url.Values{"act": {"pay"}, "instrument": {"ok"}}, "ko")
	is(w, "second press", again.Header.Get("Location"), r.Header.Get("Location"))
	w.ok("POST", "/v1/payments/confirm", fields{"paymentKey": q.Get("paymentKey"), "orderId": "order-1", "amount": 1_000})
	after := w.visit("/pay/"+key, url.Values{"act": {"pay"}, "instrument": {"ok"}}, "ko")
	is(w, "after the confirm", after.StatusCode, http.StatusBadRequest)
	if text := w.read(w.visit("/pay/"+key, nil, "ko")); !strings.Contains(text, "이미 처리된 결제예요") {
		t.Errorf("page of a finished payment:\n%s", text)
	}
}

func TestPayerLeaves(t *testing.T) {
	w := newWorld(t, nil)
	key := w.checkout("order-1", 1_000)
	r := w.visit("/pay/"+key, url.Values{"act": {"cancel"}}, "ko")
	to, err := url.Parse(r.Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	is(w, "address", to.Host+to.Path, "dure.example/failed")
	is(w, "code", to.Query().Get("code"), "PAY_PROCESS_CANCELED")
	is(w, "order", to.Query().Get("orderId"), "order-1")
	is(w, "state", w.ok("GET", "/v1/payments/orders/order-1", nil).text1("status"), "ABORTED")
	// The buyer thinks again: a new checkout of the same order works.
	w.paid("order-1", 1_000)
}

func TestClosedPages(t *testing.T) {
	w := newWorld(t, nil)
	key := w.checkout("order-1", 1_000)
	for _, c := range []struct {
		path   string
		form   url.Values
		status int
		words  string
	}{
		{"/pay/chk_nobody", nil, 404, "주소에 해당하는 결제가 없어요"},
		{"/pay/chk_nobody", url.Values{"act": {"pay"}, "instrument": {"ok"}}, 404, "주소에 해당하는 결제가 없어요"},
		{"/pay/" + key, url.Values{"act": {"pay"}, "instrument": {"gold"}}, 400, "지금은 처리할 수 없어요"},
		{"/pay/" + key, url.Values{"act": {strings.Repeat("x", 5000)}}, 400, "지금은 처리할 수 없어요"},
	} {
		r := w.visit(c.path, c.form, "ko")
		if text := w.read(r); r.StatusCode != c.status || !strings.Contains(text, c.words) {
			t.Errorf("%s: %d\n%s", c.path, r.StatusCode, text)
		}
	}
	w.clock.Advance(31 * time.Minute)
	r := w.visit("/pay/"+key, nil, "ko")
	text := w.read(r)
	is(w, "expired", r.StatusCode, http.StatusGone)
	if !strings.Contains(text, "결제 시간이 지났어요") || !strings.Contains(text, `href="https://dure.example/failed"`) {
		t.Errorf("expired page:\n%s", text)
	}
}
