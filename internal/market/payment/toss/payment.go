package toss

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/dure-commerce/dure/internal/market/payment/gateway"
)

const (
	stepPrepare   = "prepare"
	stepAuthorize = "authorize"
	stepConfirm   = "confirm"
	stepLookup    = "lookup"
	stepCancel    = "cancel"
)

// wirePayment is a payment as the gateway writes it; what we do not use is not read.
type wirePayment struct {
	PaymentKey         string `json:"paymentKey"`
	LastTransactionKey string `json:"lastTransactionKey"`
	OrderID            string `json:"orderId"`
	Currency           string `json:"currency"`
	Method             string `json:"method"`
	Status             string `json:"status"`
	TotalAmount        int64  `json:"totalAmount"`
	BalanceAmount      int64  `json:"balanceAmount"`
	RequestedAt        string `json:"requestedAt"`
	ApprovedAt         string `json:"approvedAt"`
	Cancels            []struct {
		TransactionKey string `json:"transactionKey"`
		CancelReason   string `json:"cancelReason"`
		CancelAmount   int64  `json:"cancelAmount"`
		CanceledAt     string `json:"canceledAt"`
	} `json:"cancels"`
	Failure *struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	} `json:"failure"`
}

func (w wirePayment) payment() gateway.Payment {
	p := gateway.Payment{
		PaymentKey: w.PaymentKey, OrderID: w.OrderID, TransactionKey: w.LastTransactionKey,
		Status: gateway.Status(w.Status), Currency: w.Currency, Method: w.Method,
		Amount: w.TotalAmount, Balance: w.BalanceAmount, RequestedAt: instant(w.RequestedAt),
		ApprovedAt: instant(w.ApprovedAt),
	}
	for _, c := range w.Cancels {
		p.Cancels = append(p.Cancels, gateway.Cancel{
			TransactionKey: c.TransactionKey, Reason: c.CancelReason, Amount: c.CancelAmount, At: instant(c.CanceledAt),
		})
	}
	if w.Failure != nil {
		p.FailureCode, p.FailureMessage = w.Failure.Code, cut(w.Failure.Message)
	}
	return p
}

// instant reads the gateway's times; an absent or unreadable one is the zero time.
func instant(text string) time.Time {
	for _, form := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if t, err := time.ParseInLocation(form, text, seoul); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}

// seoul is the zone of times that the gateway writes without one.
var seoul = time.FixedZone("KST", 9*60*60)

// Prepare registers a checkout with the sandbox and gives the address of its page.
func (c *Client) Prepare(ctx context.Context, in gateway.PrepareRequest) (gateway.Checkout, error) {
	var out struct {
		CheckoutKey string `json:"checkoutKey"`
		CheckoutURL string `json:"checkoutUrl"`
		OrderID     string `json:"orderId"`
		Amount      int64  `json:"amount"`
	}
	err := c.do(ctx, request{
		step: stepPrepare, method: http.MethodPost, path: "/sandbox/checkouts", timeout: readTimeout,
		body: wireCheckout(in, ""),
	}, &out)
	switch {
	case err != nil:
		return gateway.Checkout{}, err
	case out.OrderID != in.OrderID || out.Amount != in.Amount || out.CheckoutKey == "":
		return gateway.Checkout{}, mismatch(stepPrepare, "order "+out.OrderID)
	}
	return gateway.Checkout{Key: out.CheckoutKey, URL: out.CheckoutURL}, nil
}

// checkoutBody is what the sandbox is told of a checkout.
type checkoutBody struct {
	OrderID    string `json:"orderId"`
	OrderName  string `json:"orderName"`
	Amount     int64  `json:"amount"`
	Currency   string `json:"currency"`
	SuccessURL string `json:"successUrl"`
	FailURL    string `json:"failUrl"`
	Customer   string `json:"customerKey"`
	Locale     string `json:"locale"`
	Instrument string `json:"instrument,omitempty"`
}

func wireCheckout(in gateway.PrepareRequest, instrument string) checkoutBody {
	return checkoutBody{OrderID: in.OrderID, OrderName: in.OrderName, Amount: in.Amount, Currency: "KRW",
		SuccessURL: in.SuccessURL, FailURL: in.FailURL, Customer: in.Customer, Locale: in.Locale, Instrument: instrument}
}

// Authorize plays the payer at the sandbox, at a page that was prepared or without any.
func (c *Client) Authorize(ctx context.Context, in gateway.AuthorizeRequest) (string, error) {
	var out struct {
		PaymentKey string `json:"paymentKey"`
	}
	call := request{step: stepAuthorize, method: http.MethodPost, timeout: readTimeout}
	if in.CheckoutKey == "" {
		call.path, call.body = "/sandbox/payments", wireCheckout(in.Direct, in.Instrument)
	} else {
		call.path = "/sandbox/checkouts/" + url.PathEscape(in.CheckoutKey) + "/authorize"
		call.body = map[string]string{"instrument": in.Instrument}
	}
	err := c.do(ctx, call, &out)
	return out.PaymentKey, err
}

// Confirm captures an authorised payment. A payment that was decided before is looked up, and the answer is
// what it became: captured by an earlier try of ours, or declined.
func (c *Client) Confirm(ctx context.Context, in gateway.ConfirmRequest) (gateway.Payment, error) {
	return c.capture(ctx, "/v1/payments/confirm", in)
}

// Charge takes money at the sandbox without a page.
func (c *Client) Charge(ctx context.Context, in gateway.ConfirmRequest) (gateway.Payment, error) {
	return c.capture(ctx, "/sandbox/charges", in)
}

// captureBody is what the gateway is told of a capture.
type captureBody struct {
	Amount     int64  `json:"amount"`
	OrderID    string `json:"orderId"`
	PaymentKey string `json:"paymentKey"`
}

func (c *Client) capture(ctx context.Context, path string, in gateway.ConfirmRequest) (gateway.Payment, error) {
	if in.PaymentKey == "" || in.OrderID == "" || in.Amount <= 0 || in.IdempotencyKey == "" {
		return gateway.Payment{}, unsendable(stepConfirm)
	}
	var out wirePayment
	err := c.do(ctx, request{
		step: stepConfirm, method: http.MethodPost, path: path, timeout: writeTimeout,
		idempotencyKey: in.IdempotencyKey,
		body:           captureBody{Amount: in.Amount, OrderID: in.OrderID, PaymentKey: in.PaymentKey},
	}, &out)
	if gateway.CodeOf(err) == "ALREADY_PROCESSED_PAYMENT" {
		return c.decided(ctx, in, err)
	}
	if err != nil {
		return gateway.Payment{}, err
	}
	return confirmed(in, out.payment())
}

// decided finds out what an already processed payment became.
func (c *Client) decided(ctx context.Context, in gateway.ConfirmRequest, cause error) (gateway.Payment, error) {
	p, err := c.Lookup(ctx, in.PaymentKey)
	switch {
	case err != nil:
		return gateway.Payment{}, errors.Join(cause, err)
	case p.Status == gateway.StatusAborted || p.Status == gateway.StatusExpired:
		return p, &gateway.Error{
			Outcome: gateway.Declined, Step: stepConfirm, Code: p.FailureCode, Message: p.FailureMessage, Err: cause,
		}
	}
	return confirmed(in, p)
}

// confirmed believes an answer only if it speaks of our order, our amount and our currency.
func confirmed(in gateway.ConfirmRequest, p gateway.Payment) (gateway.Payment, error) {
	switch {
	case p.PaymentKey != in.PaymentKey:
		return p, mismatch(stepConfirm, "payment "+p.PaymentKey)
	case p.OrderID != in.OrderID:
		return p, mismatch(stepConfirm, "order "+p.OrderID)
	case p.Amount != in.Amount || p.Currency != "KRW":
		return p, mismatch(stepConfirm, "amount or currency")
	case !p.Status.Captured():
		return p, mismatch(stepConfirm, "state "+string(p.Status))
	}
	return p, nil
}

// Lookup finds a payment by its key.
func (c *Client) Lookup(ctx context.Context, paymentKey string) (gateway.Payment, error) {
	p, err := c.find(ctx, "/v1/payments/"+url.PathEscape(paymentKey))
	if err == nil && p.PaymentKey != paymentKey {
		return p, mismatch(stepLookup, "payment "+p.PaymentKey)
	}
	return p, err
}

// LookupByOrder finds the captured payment of an order, else the latest try.
func (c *Client) LookupByOrder(ctx context.Context, orderID string) (gateway.Payment, error) {
	p, err := c.find(ctx, "/v1/payments/orders/"+url.PathEscape(orderID))
	if err == nil && p.OrderID != orderID {
		return p, mismatch(stepLookup, "order "+p.OrderID)
	}
	return p, err
}

func (c *Client) find(ctx context.Context, path string) (gateway.Payment, error) {
	var out wirePayment
	err := c.do(ctx, request{step: stepLookup, method: http.MethodGet, path: path, timeout: readTimeout}, &out)
	return out.payment(), err
}

// Cancel gives back a part, or all that is left for Amount 0. The last cancel of the answer must be the asked one.
func (c *Client) Cancel(ctx context.Context, in gateway.CancelRequest) (gateway.Payment, error) {
	if in.PaymentKey == "" || in.Reason == "" || in.Amount < 0 || in.IdempotencyKey == "" {
		return gateway.Payment{}, unsendable(stepCancel)
	}
	body := map[string]any{"cancelReason": in.Reason}
	if in.Amount > 0 {
		body["cancelAmount"] = in.Amount
	}
	var out wirePayment
	err := c.do(ctx, request{
		step: stepCancel, method: http.MethodPost, timeout: writeTimeout, idempotencyKey: in.IdempotencyKey,
		path: "/v1/payments/" + url.PathEscape(in.PaymentKey) + "/cancel", body: body,
	}, &out)
	if err != nil {
		return gateway.Payment{}, err
	}
	p := out.payment()
	switch n := len(p.Cancels); {
	case p.PaymentKey != in.PaymentKey:
		return p, mismatch(stepCancel, "payment "+p.PaymentKey)
	case n == 0 || in.Amount > 0 && p.Cancels[n-1].Amount != in.Amount:
		return p, mismatch(stepCancel, "cancelled amount")
	case p.Canceled()+p.Balance != p.Amount:
		return p, mismatch(stepCancel, "sum of cancels and balance")
	}
	return p, nil
}

// unsendable is a request without an identity or an amount: our mistake, caught before anything is sent.
func unsendable(step string) error {
	return &gateway.Error{Outcome: gateway.Declined, Step: step, Code: gateway.CodeRequest}
}
