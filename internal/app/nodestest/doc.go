// Package nodestest runs several servers, each a process of its own, on one PostgreSQL: over a mesh and over a NATS
// server elsewhere, through kills, cuts, drains and programs of two versions. It holds tests only.
package nodestest
