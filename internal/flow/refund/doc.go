// Package refund is the journey of money back to the buyer.
//
//	request (buyer) ┐
//	deal failed     ├─► decide: vouchers, order, counters, payment, ledger at once ─► job ─► gateway ─► accepted
//	deal cancelled  ┘                                                                   └─► stuck: a person looks
//
// Each refund is its own resumable step with its own key. A whole deal is decided in chunks; a chunk that ran
// twice finds nothing the second time.
package refund
