// Package earned reckons what many shares of one price earn together, as the ledger books them one by one. It posts
// nothing.
package earned
