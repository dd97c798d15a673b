// Package limit bounds how often a thing is done: Local in one node's memory (pages, APIs), Counter in the database
// (sign-in codes, passwords, short codes), where the limit must hold over all nodes and survive a restart.
//
// It owns the table kit_limit. Keys are hashed before they are written. It will not decide what to limit or by whose
// address, and takes the time from the clock or the transaction it is given.
package limit
