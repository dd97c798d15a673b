// Package wishes is the part of the JSON interface about what people want together: wishes, places in their crowds,
// bids, questions and votes, and the shares of money that wait.
//
// It tells no more than the pages do: of a sealed bid its commitment before the reveal, of members their number, and of
// shares one's own. Like the rest of the interface it has no rules; every write ends in the flow that the pages use.
package wishes
