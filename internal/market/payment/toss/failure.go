package toss

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"strconv"

	"github.com/dure-commerce/dure/internal/market/payment/gateway"
)

// outcomes classifies the gateway's codes that do not mean what their HTTP status says.
var outcomes = map[string]gateway.Outcome{
	// The work may have been done, or is being done right now.
	"PROVIDER_ERROR":                    gateway.Unknown,
	"COMMON_ERROR":                      gateway.Unknown,
	"FAILED_DB_PROCESSING":              gateway.Unknown,
	"FAILED_INTERNAL_SYSTEM_PROCESSING": gateway.Unknown,
	"UNKNOWN_PAYMENT_ERROR":             gateway.Unknown,
	"IDEMPOTENT_REQUEST_PROCESSING":     gateway.Unknown,
	"ALREADY_PROCESSED_PAYMENT":         gateway.Unknown,
	"ALREADY_CANCELED_PAYMENT":          gateway.Unknown,
	// Our credentials are wrong: nothing was done, and no buyer is to blame.
	"UNAUTHORIZED_KEY":  gateway.Retryable,
	"INVALID_API_KEY":   gateway.Retryable,
	"FORBIDDEN_REQUEST": gateway.Retryable,
	// The bank has too little of our money: nothing was done, and a top-up mends it.
	"NOT_ENOUGH_BALANCE": gateway.Retryable,
	// The payer's time is over: this payment will never be captured.
	"NOT_FOUND_PAYMENT_SESSION": gateway.Declined,
}

// refused reads an error answer.
func refused(step string, status int, text []byte) error {
	var body struct {
		Code    string `json:"code"`
		Message string `json:"message"`
	}
	if err := json.Unmarshal(text, &body); err != nil || body.Code == "" {
		body.Code = "HTTP_" + strconv.Itoa(status) // a proxy's answer, not the gateway's
		body.Message = ""
		if status < http.StatusInternalServerError {
			// Nobody who speaks the protocol refused: what happened behind the proxy is not known.
			return &gateway.Error{Outcome: gateway.Unknown, Step: step, Code: body.Code, Status: status}
		}
	}
	return &gateway.Error{
		Outcome: outcomeOf(status, body.Code), Step: step, Code: body.Code, Message: cut(body.Message), Status: status,
	}
}

func outcomeOf(status int, code string) gateway.Outcome {
	if known, ok := outcomes[code]; ok {
		return known
	}
	switch {
	case status >= http.StatusInternalServerError, status == http.StatusRequestTimeout:
		return gateway.Unknown
	case status == http.StatusTooManyRequests, status == http.StatusUnauthorized:
		return gateway.Retryable
	case status == http.StatusNotFound:
		return gateway.NotFound
	case status >= http.StatusBadRequest:
		return gateway.Declined
	}
	return gateway.Unknown
}

// noAnswer classifies a call that got none: only a connection that was never made proves that nothing was sent.
func noAnswer(step string, err error) error {
	e := &gateway.Error{Outcome: gateway.Unknown, Step: step, Code: gateway.CodeBroken, Err: err}
	var dial *net.OpError
	switch {
	case errors.As(err, &dial) && dial.Op == "dial":
		e.Outcome, e.Code = gateway.Retryable, gateway.CodeUnreachable
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		e.Code = gateway.CodeTimeout
	}
	return e
}

func broken(step string, status int, err error) error {
	return &gateway.Error{Outcome: gateway.Unknown, Step: step, Code: gateway.CodeBroken, Status: status, Err: err}
}

// mismatch is an answer about something else than was asked.
func mismatch(step, what string) error {
	return &gateway.Error{Outcome: gateway.Unknown, Step: step, Code: gateway.CodeMismatch, Message: what}
}

const messageMax = 300

func cut(s string) string {
	if len(s) <= messageMax {
		return s
	}
	return string([]rune(s)[:messageMax/4])
}
