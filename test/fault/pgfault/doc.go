// Package pgfault breaks what several nodes on one PostgreSQL stand on (nodes, lines, leases, the database itself)
// while people buy and redeem, and asks afterwards whether everything that was acknowledged is there, once. It holds
// tests only; docs/faults.md lists them.
package pgfault
