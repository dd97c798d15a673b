// Package event holds what can happen, a file a noun: small versioned structs of ids and amounts, without personal
// data. A flow emits them in the transaction in which they become true; the feed gives them one total order.
//
// A released struct never loses or changes a field; a new meaning is a new version suffix in the kind.
package event
