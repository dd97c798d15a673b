// Package ledger is the double-entry book in won: the only place where money changes (decisions 8, 9, 28–35).
//
// It owns the tables ledger_*. An Entry is made by a rule constructor (R0 to R28), posted with Post inside the caller's
// write transaction, and never changed: a correction is a new entry that mirrors the first, at most once. Accounts
// that must not fall below zero have balance rows, guarded in SQL; all totals are kept as movements of a transaction
// that Fold adds up in chunks afterwards, so no entry waits for a row that everybody writes.
//
// It knows no units, no states of orders or vouchers, and no dated figures of law: rates come in as arguments from
// market/policy. It never opens a transaction.
package ledger
