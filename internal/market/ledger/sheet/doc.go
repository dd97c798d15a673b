// Package sheet reads the sheet of an account, or of one party of it: its postings, the oldest first, a page at a time.
//
// It only reads what package ledger has written.
package sheet
