// Package refusal holds the answers with which the sandbox says no, in the codes of the gateway it is modelled on.
//
// A refusal is an answer like any other: it is kept under the idempotency key of its request. Temporary ones are
// not, so that repeating the request decides anew.
package refusal
