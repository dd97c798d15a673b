// Package api is the JSON interface, version 1: REST with bearer tokens, described by OpenAPI 3.1.
//
// Writes take an Idempotency-Key: the same key and body give the same answer, another body is refused with 409. Errors
// are RFC 9457 problems with our code. It has no rules of its own: every call ends in the flow that the pages use.
package api
