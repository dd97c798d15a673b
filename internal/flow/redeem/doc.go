// Package redeem is the journey of a voucher at the counter.
//
//	scan or typed text ─► read purely ─► Check (changes nothing) ─► Redeem (one guarded claim) ─► Undo in its window
//
// The nonce that the device makes is the idempotency key: the same nonce with the same body gives the first answer
// again, with another body it is refused, and a new scan of a used voucher is refused with the place and time of
// its use.
package redeem
