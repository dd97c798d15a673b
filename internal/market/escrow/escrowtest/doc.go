// Package escrowtest plays whole escrows against the book: the store, the rules of the ledger and a model that knows
// members and their won but no accounts.
//
// Only tests stand here. The flow that will post what package escrow answers has the same few lines as Post.
package escrowtest
