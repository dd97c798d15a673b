// Package deposit is the journey of what sellers put down for their bids.
//
//	start ─► the gateway's page ─► intent ─► capture ─► down ─► the bid is over ─► back, or kept for the members
//	                                          └─► too late: back at once
//
// Everything about paying is as in every purchase: a lost answer is looked up and asked again with the same key, a
// double click leads to the same page, and money that comes too late goes back by itself. What ends a deposit is read
// from what became of its seller's bids: no other journey has to think of it.
package deposit
