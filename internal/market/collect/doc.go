// Package collect is the time in which the firm members of a wish pay for the offer that has won.
//
// A Collect is that time of one wish: until when members pay, how many units the seller needs, and in which round, for
// when a seller fails the next one is asked and members pay again (Transitions). An Order is what one member has
// agreed to: a price, a number of units, and where they go. Its id is the order of the payment at the gateway and of
// the share in escrow that comes of it.
//
//	open → over, or asking the seller whether fewer will do → over; the next seller begins another round
//
// One wish has one Collect: when the wish gathers on after nobody was left and another offer wins, it opens again in a
// round of its own, and only once every share of the one before has ended.
//
// It owns the tables collect and collect_order. It holds no money and knows no gateway: shares are escrow's and
// attempts to pay are payment's. What it must know of them comes in as plain figures.
package collect
