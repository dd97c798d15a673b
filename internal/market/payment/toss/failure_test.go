package toss_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/dure-commerce/dure/internal/market/payment/gateway"
	"github.com/dure-commerce/dure/internal/market/payment/toss"
)

// canned answers every request alike; status 0 breaks the connection instead.
type canned struct {
	status int
	body   string
}

func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	if c.status == 0 {
		return nil, io.ErrUnexpectedEOF
	}
	return &http.Response{StatusCode: c.status, Body: io.NopCloser(strings.NewReader(c.body)), Request: r}, nil
}

func against(t *testing.T, transport http.RoundTripper) *toss.Client {
	t.Helper()
	c, err := toss.New(toss.Options{URL: "https://api.example", SecretKey: "k", Transport: transport})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

var someConfirm = gateway.ConfirmRequest{PaymentKey: "pay_1", OrderID: "ord_1", Amount: 1_000, IdempotencyKey: "int_1"}

// TestClassification holds the table of what an answer lets us believe. Only definite refusals are Declined: taking an
// unknown outcome for a refusal would lose a charge, and the other way round would lock an order for ever.
func TestClassification(t *testing.T) {
	refusal := func(code string) string { return fmt.Sprintf(`{"code":%q,"message":"사유"}`, code) }
	for _, c := range []struct {
		status int
		body   string
		want   gateway.Outcome
		code   string
	}{
		{403, refusal("REJECT_CARD_COMPANY"), gateway.Declined, "REJECT_CARD_COMPANY"},
		{400, refusal("INVALID_REQUEST"), gateway.Declined, "INVALID_REQUEST"},
		{400, refusal("DUPLICATED_ORDER_ID"), gateway.Declined, "DUPLICATED_ORDER_ID"},
		{404, refusal("NOT_FOUND_PAYMENT_SESSION"), gateway.Declined, "NOT_FOUND_PAYMENT_SESSION"},
		{404, refusal("NOT_FOUND_PAYMENT"), gateway.NotFound, "NOT_FOUND_PAYMENT"},
		{400, refusal("PROVIDER_ERROR"), gateway.Unknown, "PROVIDER_ERROR"},
		{500, refusal("FAILED_DB_PROCESSING"), gateway.Unknown, "FAILED_DB_PROCESSING"},
		{500, refusal("SOMETHING_NEW"), gateway.Unknown, "SOMETHING_NEW"},
		{409, refusal("IDEMPOTENT_REQUEST_PROCESSING"), gateway.Unknown, "IDEMPOTENT_REQUEST_PROCESSING"},
		{401, refusal("UNAUTHORIZED_KEY"), gateway.Retryable, "UNAUTHORIZED_KEY"},
		{400, refusal("INVALID_API_KEY"), gateway.Retryable, "INVALID_API_KEY"},
		{429, refusal("TOO_MANY"), gateway.Retryable, "TOO_MANY"},
		{408, refusal("TIMEOUT"), gateway.Unknown, "TIMEOUT"},
		{502, "<html>bad gateway</html>", gateway.Unknown, "HTTP_502"},
		{404, "<html>not here</html>", gateway.Unknown, "HTTP_404"},
		{301, "", gateway.Unknown, "HTTP_301"},
		{204, "", gateway.Unknown, "HTTP_204"},
		{200, "{", gateway.Unknown, gateway.CodeBroken},
		{200, strings.Repeat(" ", 2<<20), gateway.Unknown, gateway.CodeBroken},
		{0, "", gateway.Unknown, gateway.CodeBroken},
	} {
		_, err := against(t, canned{c.status, c.body}).Confirm(t.Context(), someConfirm)
		if gateway.OutcomeOf(err) != c.want || gateway.CodeOf(err) != c.code {
			t.Errorf("%d %.40s: %v", c.status, c.body, err)
		}
	}
}

// TestAnswersAreCompared: a gateway that answers 200 about something else is not believed.
func TestAnswersAreCompared(t *testing.T) {
	good := map[string]any{
		"paymentKey": "pay_1", "orderId": "ord_1", "totalAmount": 1_000, "balanceAmount": 1_000, "status": "DONE",
		"currency": "KRW",
	}
	answer := func(change string, value any) canned {
		var b strings.Builder
		b.WriteByte('{')
		for name, v := range good {
			if name == change {
				v = value
			}
			if b.Len() > 1 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, "%q:", name)
			if s, ok := v.(string); ok {
				fmt.Fprintf(&b, "%q", s)
			} else {
				fmt.Fprint(&b, v)
			}
		}
		return canned{200, b.String() + "}"}
	}
	if _, err := against(t, answer("", nil)).Confirm(t.Context(), someConfirm); err != nil {
		t.Fatal(err)
	}
	for change, value := range map[string]any{
		"paymentKey": "pay_2", "orderId": "ord_2", "totalAmount": 100, "currency": "USD", "status": "IN_PROGRESS",
	} {
		c := against(t, answer(change, value))
		if _, err := c.Confirm(t.Context(), someConfirm); gateway.CodeOf(err) != gateway.CodeMismatch {
			t.Errorf("%s %v was believed: %v", change, value, err)
		}
	}
	plain := against(t, answer("", nil))
	if _, err := plain.Lookup(t.Context(), "pay_2"); gateway.CodeOf(err) != gateway.CodeMismatch {
		t.Errorf("lookup: %v", err)
	}
	if _, err := plain.LookupByOrder(t.Context(), "ord_2"); gateway.CodeOf(err) != gateway.CodeMismatch {
		t.Errorf("lookup by order: %v", err)
	}
	cancel := gateway.CancelRequest{PaymentKey: "pay_1", Reason: "변심", Amount: 300, IdempotencyKey: "rfd_1"}
	if _, err := plain.Cancel(t.Context(), cancel); gateway.CodeOf(err) != gateway.CodeMismatch {
		t.Errorf("cancel without a cancel: %v", err)
	}
	transfer := gateway.TransferRequest{Ref: "pyt_1", From: "custody", Amount: 5, BankCode: "1", Account: "2", Holder: "3"}
	other := canned{200, `{"ref":"pyt_1","from":"custody","amount":6,"status":"ACCEPTED"}`}
	if _, err := against(t, other).Transfer(t.Context(), transfer); gateway.CodeOf(err) != gateway.CodeMismatch {
		t.Errorf("transfer: %v", err)
	}
	row := `[{"transactionKey":"trx_1","currency":"KRW","amount":1000,"fee":24,"supplyAmount":22,"vat":2,
		"payOutAmount":%d,"paidOutDate":"2026-10-15"}]`
	file := func(payOut int) error {
		_, _, err := against(t, canned{200, fmt.Sprintf(row, payOut)}).Settlements(t.Context(), "2026-10-15", "2026-10-15", 1)
		return err
	}
	if err := errors.Join(file(976)); err != nil {
		t.Error(err)
	}
	if err := file(977); gateway.CodeOf(err) != gateway.CodeMismatch {
		t.Errorf("a row that does not add up: %v", err)
	}
}

func TestNoAnswerInTime(t *testing.T) {
	hangs := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	defer hangs.Close()
	c, err := toss.New(toss.Options{URL: hangs.URL, Timeout: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Confirm(t.Context(), someConfirm)
	if gateway.OutcomeOf(err) != gateway.Unknown || gateway.CodeOf(err) != gateway.CodeTimeout {
		t.Errorf("timeout: %v", err)
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = c.Confirm(gone, someConfirm); gateway.OutcomeOf(err) != gateway.Unknown {
		t.Errorf("cancelled: %v", err)
	}
}

// TestNobodyListens: a connection that was never made proves that nothing happened.
func TestNobodyListens(t *testing.T) {
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := "http://" + listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	c, err := toss.New(toss.Options{URL: address})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Confirm(t.Context(), someConfirm)
	if gateway.OutcomeOf(err) != gateway.Retryable || gateway.CodeOf(err) != gateway.CodeUnreachable {
		t.Errorf("nobody listens: %v", err)
	}
}

// TestBrokenConnectionIsNotRepeated: net/http would repeat a request with an idempotency key by itself.
func TestBrokenConnectionIsNotRepeated(t *testing.T) {
	calls := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls++
		if calls == 1 {
			_, _ = io.WriteString(w, `{"code":"NOT_FOUND_PAYMENT"}`) // makes a kept-alive connection
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	}))
	defer server.Close()
	c, err := toss.New(toss.Options{URL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	_, _ = c.Lookup(t.Context(), "pay_1")
	if _, err := c.Confirm(t.Context(), someConfirm); gateway.OutcomeOf(err) != gateway.Unknown {
		t.Errorf("broken: %v", err)
	}
	if calls != 2 {
		t.Errorf("%d calls, want 2", calls)
	}
}

func TestAddress(t *testing.T) {
	for _, bad := range []string{"", "api.example", "ftp://api.example", "https://api.example/v1", "https://"} {
		if _, err := toss.New(toss.Options{URL: bad}); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
