// Package toss speaks to a payment gateway with the Toss Payments core API 2022-11-16: to the sandbox, and in its
// documented part to the real one. It implements gateway.Gateway and, for the sandbox, gateway.Simulator.
//
// It owns the wire format and the classes of failure. It keeps no state, decides nothing about orders and never
// repeats a call by itself: whoever calls it wrote the intent first and keeps the key. Every answer is compared
// with the request before it is believed, because the gateway matches idempotency keys without looking at the body.
//
// The bank calls (Transfer, BankEntries, …) are the sandbox's; a real bank is another adapter.
package toss
