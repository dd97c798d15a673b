// Package checkout is the journey from a click to a paid order.
//
//	Place ──► StartPayment ──► (payer at the gateway) ──► Pay: Begin ─► gateway ─► Confirm ──► tip? ──► flow/tipping
//	  │                                                                   │
//	  └─► Lapse (time over)                                              └─► late money ──► flow/refund
//
// Place, Begin and Confirm are batch-first steps behind lanes: they decide in memory, in arrival order, and claim with
// guarded updates; a guard that answers nothing decides the whole batch anew. The gateway is asked outside every
// transaction, after an intent row and before an outcome row.
package checkout
