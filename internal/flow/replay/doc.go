// Package replay keeps the answers of writes that call other machines, so that the same key gives the same answer.
//
// A step that stays within one transaction keeps its key itself. A step with a call to a gateway in the middle cannot:
// it must be re-runnable by its own state, and only its finished answer is kept here.
package replay
