// Package fault breaks the machine under a running server: kills it, cuts its power, fills its disk, lets a flush fail,
// flips bytes, moves the clock, makes the database slow and its callers rude.
//
// Every fault has a number, a criterion of its own, and all invariants behind it: doctor answers for the books, and the
// journal of the callers (test/fault/load) for what they were promised. docs/faults.md lists them. It holds tests only.
package fault
