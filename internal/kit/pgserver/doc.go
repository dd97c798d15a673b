// Package pgserver starts throw-away PostgreSQL servers, for tests and benches.
//
// It owns the life of one server: finding the installed programs, making a data folder, starting, stopping, killing and
// starting again. Servers listen on a unix socket only, and die with the process that started them. It knows nothing of
// Dure's schema, and it never touches a server that somebody else runs.
package pgserver
