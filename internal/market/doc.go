// Package market holds the vocabulary that all nouns share: identifiers and who acts.
//
// It has no rules, no SQL and no state. Events live in market/event.
package market
