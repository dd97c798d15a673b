// Package voice is what people say about the bids of a wish: flags and votes of its members, questions, and the answers
// of sellers.
//
// A firm member has one voice a bid, which may change until the award; bid.Tally counts them and bid.Award decides with
// that. After the award a voice is still heard and decides nothing. Words are never taken away by those they are about.
// It owns the tables bid_vote and bid_word.
package voice
