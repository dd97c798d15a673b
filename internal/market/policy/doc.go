// Package policy holds the figures that law, contract and the operator's choice may change: dated rows, each with its
// source, in table.json. At gives the figures in force at an instant; their id stands on every order and ledger entry,
// and ByID gives them back, so that a change of policy changes nothing that was agreed before.
//
// The table is data of the program: an unknown key, a row without a source or a date out of order stops the start
// (Check). Everything here is pure: no clock, no database. Figures of law come from press and explainers; a lawyer has
// the last word.
package policy
