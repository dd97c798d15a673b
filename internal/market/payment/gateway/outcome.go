package gateway

import (
	"errors"
	"fmt"
)

// Outcome says what a failed call may have done, and so what the caller may do next.
type Outcome uint8

// The outcomes, worst knowledge first: an error nobody classified counts as Unknown.
const (
	// Unknown: it may have happened. Look it up, then repeat with the same key.
	Unknown Outcome = iota
	// Declined: it did not happen and repeating it will not help.
	Declined
	// Retryable: it did not happen; the same request with the same key may succeed later.
	Retryable
	// NotFound: the gateway knows nothing under that name.
	NotFound
	// OK: no error at all.
	OK
)

var outcomeNames = [...]string{"unknown", "declined", "retryable", "not_found", "ok"}

// String names the outcome as it is stored and logged.
func (o Outcome) String() string {
	if int(o) < len(outcomeNames) {
		return outcomeNames[o]
	}
	return outcomeNames[Unknown]
}

// Codes that an adapter gives when the failure is between us and the gateway; all others are the gateway's own.
const (
	CodeTimeout     = "timeout"     // no answer in time
	CodeUnreachable = "unreachable" // the connection was never made: nothing was sent
	CodeBroken      = "broken"      // the connection broke, or the answer could not be read
	CodeMismatch    = "mismatch"    // the answer speaks of another order or another amount
	CodeRequest     = "request"     // our request is not sendable (our mistake)
	CodeForged      = "forged"      // webhook: no signature matches
	CodeStale       = "stale"       // webhook: signed too long ago, or in the future
	CodeUnreadable  = "unreadable"  // webhook: signed well, but not understood
)

// Error is a failed call to the gateway.
type Error struct {
	Outcome Outcome
	Step    string // prepare, confirm, lookup, cancel, transfer, ...
	Code    string // the gateway's code, or one of the Code constants
	Message string // the gateway's own words, for operators
	Status  int    // HTTP status, 0 when there was no answer
	Err     error
}

// Error writes step, outcome and code: text for logs.
func (e *Error) Error() string {
	text := fmt.Sprintf("gateway: %s: %s %s", e.Step, e.Outcome, e.Code)
	if e.Message != "" {
		text += " (" + e.Message + ")"
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// OutcomeOf classifies an error of a Gateway; nil is OK and a foreign error is Unknown.
func OutcomeOf(err error) Outcome {
	if err == nil {
		return OK
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Outcome
	}
	return Unknown
}

// CodeOf gives the code of a gateway error, "" for a foreign one.
func CodeOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
