// Package sim lives through the whole system from a seed: shops, buyers and an operator, a clock, a gateway that fails
// in every way it can, notices lost and doubled, and nodes that die between a call and its outcome.
//
// One goroutine, one seed, one history: the same seed gives the same trace. Each answer is compared with an oracle that
// counts rows instead of trusting counters; after each step cheap invariants are checked, at the end faults stop, the
// queue drains, and everything must have come to rest: no money without a place, every refund paid, both books equal.
package sim
