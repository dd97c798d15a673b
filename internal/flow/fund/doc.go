// Package fund is how the firm members of a wish pay for the offer that has won.
//
//	awarded ─► Open ─► members Start ─► gateway ─► Pay (intent, call, outcome) ─► a share in escrow
//	             ▲          └─ late, or twice: refunded
//	             │        Close: enough ─► the seller begins
//	             │               too few ─► asked: Answer (take fewer, or step back), or silence
//	             └──────── the next offer ◄───┘        none left ─► everybody is paid back
//
// A payer counts whose intent stood in time, whenever the gateway's answer comes. Who paid keeps the place under the
// next seller while its price is not above what was paid (the difference goes back), and else agrees and pays anew
// within a day, or is paid back (decision 42). Every deadline is a job that may run twice, early or late.
package fund
