// Package deposited has the posting rules of what sellers put down for their bids. Each payment is a party of its own
// in 2165, so that no seller's deposit ever pays for another's. It makes entries; ledger.Post checks and posts them.
package deposited
