// Package deliver is the way from the start of fulfilment to the release of each member's won: parcels and their
// carriers, handing over at the branch, the member's word, silence, and disputes.
//
// Nobody at the operator's has to act in it, disputes apart, and those end by their deadlines too. What a step means in
// won is posted by flow/outcome in the same transaction; a line in the seller's statement stands beside every
// share that was released. Carriers are asked outside any transaction.
//
// It does not take money in (flow/fund), judges no bid (flow/auction) and pays nobody out (flow/settle).
package deliver
