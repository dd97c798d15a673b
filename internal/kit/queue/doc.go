// Package queue does work later: calls to the outside, mails, deadlines.
//
// A job is a row that a transaction wrote with db.Tx.Enqueue, so it exists exactly if its cause does. A node claims due
// jobs under a lease, runs their handlers outside any transaction, and notes the outcome: done, due again after a
// growing pause, or stuck after too many tries, where a person looks at it. A lease that runs out gives the job to
// another node; the late finisher's claim no longer matches and changes nothing. So a handler may run more than once
// and must tolerate it, or finish its job with Done inside its own write transaction.
//
// It owns kit_job and the loops of all background workers: here, and in kit/live, are the only timers. It does not know
// what jobs mean, keeps no order between jobs, and promises no moment, only "not before due".
package queue
