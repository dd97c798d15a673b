// Package gateway is the seam between the platform and whoever moves its money: a payment gateway (PG) that
// charges buyers and a bank that pays merchants.
//
// It owns the words of that conversation (requests, answers, the classes of failure) and nothing else: no
// rules of ours, no SQL, no HTTP. An adapter (package toss) speaks the words to a real or a sandbox
// gateway; gatewaytest holds the suite every adapter must pass.
//
// Money is int64 won. Times are UTC. Days are texts YYYY-MM-DD of the Korean calendar, as gateways write them.
//
// How a caller must treat failures: write the intent first, call, write the outcome. OutcomeOf sorts
// every error into four classes; only Declined and NotFound say that nothing happened for good. After Unknown
// look the thing up, then repeat the same request with the same idempotency key, never with a new one.
package gateway
