// Package api is the sandbox's HTTP face for programs: the gateway's payments and reports, the bank, and the
// tester's own handles (checkouts, faults, books, webhooks). The payer's page is package page.
//
// The gateway's part follows the Toss Payments core API 2022-11-16: Basic authentication with the secret key and
// no password, error bodies {code, message}, and the Idempotency-Key header of at most 300 characters, kept for 15
// days and matched on key, secret key, address and method, not on the body: another request under
// a used key gets the first one's answer. A kept answer may be a refusal; temporary refusals and server errors are not
// kept. A second request while the first is still being answered gets 409.
//
// Departures, on purpose: the payment window is a redirect page prepared over POST /sandbox/checkouts; payouts
// (POST /v2/payouts) are plain JSON instead of encrypted bodies, and are transfers from the custody account; all
// notices are signed (package hook).
//
// A fault that suppresses an answer hangs until the caller leaves or the hang limit passes, then cuts the connection.
package api
