// Package node knows which processes serve one database, and whether this one may write.
//
// On PostgreSQL every process writes a sign of life every few seconds under a name of its own; the others read from it
// whom they should hear over the bus, and migrations which programs still run. A process compares its clock with the
// database's and its program with the database's schema: while either does not fit, its writes are refused with a code,
// and it goes on by itself once they fit again.
//
// It owns kit_node. It is never on the way of a sale, and on SQLite, which has one process, it does nothing.
package node
