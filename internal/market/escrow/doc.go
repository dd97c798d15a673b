// Package escrow keeps the money of a crowd apart, a share a member, until each member has what was promised.
//
// An Escrow belongs to one wish that was paid for, or is being paid for, and names the seller and the terms frozen
// with the winning bid. A Share is one paid member and carries the id of the member's order. Its life is the table
// Transitions: held, shipped, delivered, then released or refunded; or disputed, then decided.
//
// A share is released by the member's own word, or by silence after evidence of delivery: a carrier's event or the use
// at the branch, never by silence alone. What is not sent, or sent and never proven to arrive, goes back by itself. A
// dispute freezes one share; each side has a time to speak, and whose time runs out has the matter decided by rule, so
// that every dispute ends (invariant 32). At every step paid = held + disputed + released + refunded, for every member
// alone (31).
//
// It owns the tables escrow and escrow_*. It posts nothing: what a step means in won is in its answer (End, Fall), and
// the flow posts it in the same transaction. It asks no carrier and no gateway, knows no figures of policy (Rules come
// in as an argument), and reads no other noun.
package escrow
