// Package pay is the sandbox gateway's payments: checkouts, the payer's authorisation, confirm, lookup and
// cancel, with the states and refusals of the gateway it is modelled on (Toss Payments core API 2022-11-16).
//
//	READY ──payer chooses──▶ IN_PROGRESS ──confirm──▶ DONE ──cancel──▶ PARTIAL_CANCELED ──▶ CANCELED
//	  │ payer leaves: ABORTED     │ card declines: ABORTED                  └──────cancel──────────▶┘
//	  └ 30 min: EXPIRED           └ 10 min: EXPIRED
//
// It owns the record kind payment and the rules; what a fault does to the answer is the API's business. Each function
// runs inside one step of the record store, and what it changes is on disk before anyone is told.
//
// At most one payment of an order is ever captured. The sum of a payment's cancels never passes its amount.
package pay
