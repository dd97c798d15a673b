// Package scrub reads all of a database's own bytes and names what is damaged: pages, rows and indexes.
//
// It asks the engine, which alone knows what its bytes should be: SQLite checks its whole file, PostgreSQL reads every
// row of every table, tells which blocks failed their sums, and checks indexes where it has amcheck. It repairs
// nothing, knows no table by name, and cannot see a byte that changed into another valid one inside a value.
package scrub
