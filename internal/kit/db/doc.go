// Package db is the one way to SQL: five verbs (One, All, Exec, InsertMany, UpdateMany) over SQLite and
// PostgreSQL, one text for both engines.
//
// A write transaction is an instant: Tx.Now is the only clock that rules see, Tx.NewID the only source of ids,
// and the events and jobs it is given commit with it or not at all. Write commits in straight-line code and runs
// its closure again after a serialization failure, so the closure resets whatever it captures. Network calls never
// happen inside it.
//
// SQLite: settings stand in the DSN, one writer connection with BEGIN IMMEDIATE and synchronous=FULL, many short
// readers, and an OS lock that makes a second writing process refuse to start.
package db
