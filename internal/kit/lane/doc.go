// Package lane makes a hot row fast and strict: it collects concurrent commands into batches and runs each batch in
// one write transaction.
//
// A step is written batch-first: it takes a slice of commands and answers a slice of results. There is no timer: a
// combiner takes what is waiting, at most BatchMax, runs it, commits, answers, and looks again; the flush of one batch
// is the collecting time of the next. Steps of different kinds share a transaction. Correctness never depends on lanes,
// only on the guards in SQL, so that several nodes may work on the same rows.
//
// A guard that answers no row makes the step return ErrAgain: the whole batch is decided anew with fresh numbers. An
// unexpected error splits the batch into halves, then singles, so that one bad command never fails its neighbours.
// When it is unknown whether a commit happened nothing is run again: the callers hear ErrUnknown and ask again with
// their key.
//
// It owns no table and keeps nothing: what waits in a queue when the process dies was never answered.
package lane
