// Package bid is the reverse auction of a wish: who bids what, by which rules, and why one of them wins.
//
//	planned ──► open ──► closed ──► awarded ──► done
//	(offers     │           ▲           │ pass: the winner failed, the next one is asked
//	 before N)  └► revealing┘           └► void ──► planned (another round)
//	               (sealed)
//
// An open auction shows every bid at once: a new one lies a step below the lowest, nobody undercuts himself,
// and a bid in the last minutes extends the close, a bounded number of times. A sealed auction shows commitments alone
// (seal.go) and never extends. A seller has one standing bid: a newer one replaces it, in a sealed auction too, because
// a slip of the pen must be mendable while nobody sees it; the newer one is also the later one when prices tie. After
// the close all sealed terms are shown, those of replaced and withdrawn bids too, so that anybody can check every
// commitment. Offers come before the crowd is complete, and for other quantities than the announced one; the latter are
// never the lowest, but win when the crowd turns out to be theirs.
//
// A bid counts up to and including Auction.ClosesAt, by the instant of the transaction. Prices tie by Bid.Seq, the
// order of commits. The package award beside this one decides who wins and says why; voice holds what people say about
// bids. Votes are counted once, at the award: while bids come in, a handful of first members must not be able to clear
// the field.
//
// One wish has one auction, whose rounds follow each other when the offers of one came to nothing: seq and the chain of
// commitments go on, bids name their round, and only those of the present one count. A seller whose bid was voted out
// or failed may bid again in another round; one that the operator took out may not.
//
// It owns the tables auction, bid, bid_step, bid_seal and bid_terms. Every step changes the row of auction under the
// version it has read and answers db.ErrAgain when another was first. It knows no people, no merchants and no money
// beyond figures: who is registered and what a deposit holds come in as arguments, dated figures as Rules. It tells
// nobody and moves no won.
package bid
