// Package pgcluster starts throw-away PostgreSQL servers for tests.
//
// It owns the life of one server: finding the installed programs, making a data folder, starting, stopping, killing and
// starting again. Servers listen on a unix socket only. It knows nothing of Dure's schema, and it is never linked into
// the product: package dbtest and the keeper program use it.
package pgcluster
