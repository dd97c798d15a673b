package queue

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
)

type laterError struct{ wait time.Duration }

func (e laterError) Error() string { return "later: " + e.wait.String() }

// Later tells from a handler that nothing failed but the job is to run again after the wait; it is no attempt.
func Later(wait time.Duration) error { return laterError{wait: wait} }

type hopelessError struct{ cause error }

func (e hopelessError) Error() string { return e.cause.Error() }
func (e hopelessError) Unwrap() error { return e.cause }

// Hopeless tells from a handler that trying again cannot help: the job is stuck at once.
func Hopeless(cause error) error { return hopelessError{cause: cause} }

const doneText = `UPDATE kit_job SET state = 'done', finished_at = $1, lease_holder = '', last_error = ''
	WHERE id = $2 AND lease_holder = $3 AND state = 'ready'`

// Done finishes the job inside the handler's own write transaction, so that effect and end are one. It fails with
// ErrLost when another claim has the job: the handler returns the error and its effect is rolled back.
func Done(ctx context.Context, tx *db.Tx, job Job) error {
	changed, err := db.Exec(ctx, tx, doneText, db.Micros(tx.Now()), job.ID, job.claim)
	if err != nil {
		return err
	}
	if changed == 0 {
		return ErrLost.With("Job", job.ID)
	}
	tx.AfterCommit(func() { job.finished.Store(true) })
	return nil
}

// work runs one claimed job and notes its outcome. An error is one of the database, never the handler's.
func (q *Queue) work(ctx context.Context, job Job) error {
	if !q.d.Clock().Now().Before(job.until) {
		return nil // the lease ran out while the job waited for its turn; whoever claims it next runs it
	}
	known := q.kinds[job.Kind]
	var err error
	if job.Attempt > known.policy.AttemptsMax {
		err = Hopeless(errors.New("every attempt ended without an outcome: the process died or hung"))
	} else {
		err = q.run(ctx, known.handle, job)
	}
	if ctx.Err() != nil && err != nil {
		q.giveBack(ctx, job)
		return ctx.Err()
	}
	return q.settle(ctx, known.policy, job, err)
}

const giveBackWithin = 2 * time.Second

// giveBack makes a job that a shutdown cut short due again at once, so that another node need not wait for the end of
// its lease. The attempt counts. When that fails too, the lease runs out.
func (q *Queue) giveBack(ctx context.Context, job Job) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), giveBackWithin)
	defer cancel()
	err := q.note(ctx, job, func(ctx context.Context, tx *db.Tx) (int64, error) {
		return db.Exec(ctx, tx, `UPDATE kit_job SET due_at = $1, lease_holder = '', lease_until = 0
			WHERE id = $2 AND lease_holder = $3 AND state = 'ready'`, db.Micros(tx.Now()), job.ID, job.claim)
	})
	if err != nil {
		q.opts.Log.Warn("job not given back", "job", job.ID, "kind", job.Kind, "error", err)
	}
}

// run calls the handler with a deadline inside the lease and turns a panic into a failure.
func (q *Queue) run(ctx context.Context, handle Handler, job Job) (err error) {
	ctx, cancel := context.WithTimeout(ctx, q.opts.Lease*9/10)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			q.opts.Log.Error("job panicked", "job", job.ID, "kind", job.Kind, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return handle(ctx, job)
}

func (q *Queue) settle(ctx context.Context, policy Policy, job Job, outcome error) error {
	var later laterError
	var hopeless hopelessError
	switch {
	case outcome == nil:
		if job.finished.Load() {
			return nil
		}
		return q.note(ctx, job, func(ctx context.Context, tx *db.Tx) (int64, error) {
			return db.Exec(ctx, tx, doneText, db.Micros(tx.Now()), job.ID, job.claim)
		})
	case errors.Is(outcome, ErrLost):
		q.opts.Log.Warn("job finished too late", "job", job.ID, "kind", job.Kind)
		return nil
	case errors.As(outcome, &later):
		return q.note(ctx, job, func(ctx context.Context, tx *db.Tx) (int64, error) {
			return db.Exec(ctx, tx, `UPDATE kit_job SET due_at = $1, attempts = attempts - 1, lease_holder = '',
				lease_until = 0 WHERE id = $2 AND lease_holder = $3 AND state = 'ready'`,
				db.Micros(tx.Now().Add(later.wait)), job.ID, job.claim)
		})
	case errors.As(outcome, &hopeless) || job.Attempt >= policy.AttemptsMax:
		q.opts.Log.Error("job is stuck", "job", job.ID, "kind", job.Kind, "attempt", job.Attempt, "error", outcome)
		return q.note(ctx, job, func(ctx context.Context, tx *db.Tx) (int64, error) {
			return db.Exec(ctx, tx, `UPDATE kit_job SET state = 'stuck', finished_at = $1, last_error = $2,
				lease_holder = '' WHERE id = $3 AND lease_holder = $4 AND state = 'ready'`,
				db.Micros(tx.Now()), short(outcome), job.ID, job.claim)
		})
	}
	wait := q.pause(policy.Backoff, job.Attempt)
	q.opts.Log.Warn("job failed", "job", job.ID, "kind", job.Kind, "attempt", job.Attempt, "again", wait, "error", outcome)
	return q.note(ctx, job, func(ctx context.Context, tx *db.Tx) (int64, error) {
		return db.Exec(ctx, tx, `UPDATE kit_job SET due_at = $1, last_error = $2, lease_holder = '', lease_until = 0
			WHERE id = $3 AND lease_holder = $4 AND state = 'ready'`,
			db.Micros(tx.Now().Add(wait)), short(outcome), job.ID, job.claim)
	})
}

// note writes an outcome; the claim in its WHERE is the guard, so that a late finisher changes nothing.
func (q *Queue) note(ctx context.Context, job Job, write func(context.Context, *db.Tx) (int64, error)) error {
	var changed int64
	err := q.d.Write(ctx, func(tx *db.Tx) (err error) {
		changed, err = write(ctx, tx)
		return err
	})
	if err == nil && changed == 0 {
		q.opts.Log.Warn("job finished too late", "job", job.ID, "kind", job.Kind)
	}
	return err
}

const errorBytesMax = 500

// short keeps a row small and valid UTF-8 whatever the cause wrote.
func short(err error) string {
	text := err.Error()
	if len(text) > errorBytesMax {
		text = text[:errorBytesMax]
	}
	return strings.ReplaceAll(strings.ToValidUTF8(text, "?"), "\x00", "?")
}
