// Package check is the look at the books before payouts go out by themselves: what it found, and how long that holds.
//
// It owns payout_check. Whoever looks, and what is looked at, stands elsewhere; it only remembers the answer.
package check
