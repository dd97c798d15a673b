// Package assert stops work that would break an invariant.
//
// It is for our own mistakes only: what a person can cause is an error of package fail. A failed assertion panics, in
// production too; the write transaction rolls back and the request ends as an internal error with a reference number.
// It is the only package that may panic.
package assert
