// Package wish is what people want to buy together: a thing with a name and a picture, and the crowd that gathers
// around it until sellers compete for it (product C1, C2).
//
//	gathering ──► bidding (enough firm members: once, for good) ──► choosing ──► paying ──► fulfilling ──► done
//	    │             └───────────────────────────┴─────────────────────┴──► closed
//	    └──► merged (into another wish)
//
// A member looks on (watching) or counts (firm): a firm place needs a confirmed account, and one person has one
// (decision 38). It is not a payment, and pages say so. Joining and leaving stay open until the bids close; the point,
// once reached, stays reached.
//
// It owns the tables wish and wish_member. It knows nothing of bids (market/bid), nor of money (market/escrow), and
// tells nobody.
package wish
