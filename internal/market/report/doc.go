// Package report reads what a merchant's desk shows: its board, its sales, its money, its guests' words, and the facts
// behind a draft's place in the line.
//
// It joins tables of several nouns, owns none and writes nothing. Every figure is a row of a table or of the ledger;
// what a page may show of them to whom is decided by flows and pages. Readings go by an index that ends at the shop or
// the deal asked for, so that no board grows slower with the neighbour's sales.
package report
