// Package pgcluster is the one PostgreSQL server that all test programs of an account share: who starts it, who holds a
// lease on it, and who ends it when nobody does.
//
// The server itself is kit/pgserver's. It is never linked into the product: package dbtest and the keeper program use
// it.
package pgcluster
