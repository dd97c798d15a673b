// Package hook sends the sandbox's signed notices (webhooks) to the platform, from a durable outbox.
//
// A notice is written in the step that it tells of. It counts as received when the platform answers 200
// within the time limit; any other answer is tried again after 1, 4, 16, 64, 256, 1024 and 4096 minutes (times the
// store's unit of a minute, which demos shorten) and then kept as failed for the tester to see. Notices repeat and
// overtake each other, as real ones do; a plan of package fault makes them do so on purpose.
//
// Headers, after the gateway this sandbox is modelled on:
//
//	tosspayments-webhook-transmission-id            the notice, the same for each repetition
//	tosspayments-webhook-transmission-time          instant of sending, RFC 3339 with offset
//	tosspayments-webhook-transmission-retried-count 0 for the first try
//	tosspayments-webhook-signature                  "v1:" + base64(HMAC-SHA256(secret, body + ":" + time)), several
//	                                                joined by commas while a secret is being replaced
//
// Receivers refuse a time more than five minutes away from their own. The real gateway signs only its payout and
// seller notices; this one signs all of them.
package hook
