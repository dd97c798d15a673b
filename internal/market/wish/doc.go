// Package wish is what people want to buy together: a thing with a name and a picture, and the crowd that gathers
// around it until sellers compete for it (product C1, C2).
//
//	gathering ──► bidding (enough firm members: once, for good) ──► choosing ──► paying ──► fulfilling ──► done
//	    │  ▲          └───────────────────────────┴─────────────────────┴──► closed
//	    │  └────────────── its offers came to nothing: another round ──┘
//	    └──► merged (into another wish)
//
// A member looks on (watching) or counts (firm): a firm place needs a confirmed account, and one person has one
// (decision 38). It is not a payment, and pages say so. Joining and leaving stay open until the bids close; the point,
// once reached, stays reached in its round. When its offers came to nothing a wish gathers on (round.go, rule 61):
// after a pause in which its people look and leave, with the number that its lead may lower, a bounded number of times.
//
// What the operator took down is withheld here, whoever asks (down.go): all readings give its numbers and why, and none
// of what it said.
//
// It owns the tables wish, wish_member and wish_round. It knows nothing of bids (market/bid), nor of money
// (market/escrow), and tells nobody.
package wish
