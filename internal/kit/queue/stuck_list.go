package queue

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/kit/id"
)

// StuckJob is a job that waits for a person.
type StuckJob struct {
	ID        string
	Kind      string
	Key       string
	Payload   string
	Attempts  int
	LastError string // for operators only
	Created   time.Time
	Stuck     time.Time
}

// Stuck lists at most limit stuck jobs, oldest first, after the given creation time and id of the last one seen; the
// zero StuckJob begins the list.
func Stuck(ctx context.Context, q db.Querier, after StuckJob, limit int) ([]StuckJob, error) {
	return db.All(ctx, q, func(r db.Row) (StuckJob, error) {
		var j StuckJob
		err := r.Scan(&j.ID, &j.Kind, &j.Key, &j.Payload, &j.Attempts, &j.LastError, db.Time(&j.Created), db.Time(&j.Stuck))
		return j, err
	}, `SELECT id, kind, key, payload, attempts, last_error, created_at, finished_at FROM kit_job
		WHERE state = 'stuck' AND (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3`,
		createdArg(after), after.ID, limit)
}

func createdArg(after StuckJob) int64 {
	if after.Created.IsZero() {
		return -1
	}
	return db.Micros(after.Created)
}

// Retry makes a stuck job due now with all its attempts back; ErrNotStuck when it is not stuck.
func Retry(ctx context.Context, tx *db.Tx, id string) error {
	changed, err := db.Exec(ctx, tx, `UPDATE kit_job SET state = 'ready', due_at = $1, attempts = 0, finished_at = NULL,
		lease_until = 0, lease_holder = '' WHERE id = $2 AND state = 'stuck'`, db.Micros(tx.Now()), id)
	if err != nil {
		return err
	}
	if changed == 0 {
		return ErrNotStuck.With("Job", id)
	}
	return nil
}

// Retry does the same in a transaction of its own and wakes the loop.
func (q *Queue) Retry(ctx context.Context, id string) error {
	err := q.d.Write(ctx, func(tx *db.Tx) error { return Retry(ctx, tx, id) })
	if err == nil {
		q.hint()
	}
	return err
}

// Backlog tells how much waits: Due jobs whose time has come, the age of the Oldest of them, and Stuck ones.
type Backlog struct {
	Due    int64
	Oldest time.Duration
	Stuck  int64
}

// Waiting counts the backlog of all kinds at the given instant, for the operator's console and metrics.
func Waiting(ctx context.Context, q db.Querier, now time.Time) (Backlog, error) {
	var b Backlog
	var oldest time.Time
	_, err := db.One(ctx, q, func(r db.Row) (bool, error) {
		return true, r.Scan(&b.Due, db.Time(&oldest))
	}, `SELECT count(*), min(due_at) FROM kit_job WHERE state = 'ready' AND due_at <= $1`, db.Micros(now))
	if err != nil {
		return Backlog{}, err
	}
	if !oldest.IsZero() {
		b.Oldest = now.Sub(oldest)
	}
	b.Stuck, err = db.One(ctx, q, db.Scalar[int64], `SELECT count(*) FROM kit_job WHERE state = 'stuck'`)
	return b, err
}

// Purge deletes at most limit done jobs that finished before the instant, in one short transaction. Their keys may
// then be enqueued again, so keep them longer than anything may repeat itself.
func Purge(ctx context.Context, d *db.DB, before time.Time, limit int) (worked bool, err error) {
	// A job was made before it was finished: the bound on ids keeps the statement from walking over young jobs.
	border := id.From("job", before)
	_, err = db.One(ctx, d, db.Scalar[string], `SELECT id FROM kit_job
		WHERE id < $1 AND state = 'done' AND finished_at < $2 LIMIT 1`, border, db.Micros(before))
	if db.IsNoRow(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	var deleted int64
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		deleted, err = db.Exec(ctx, tx, `DELETE FROM kit_job WHERE id IN (SELECT id FROM kit_job
			WHERE id < $1 AND state = 'done' AND finished_at < $2 ORDER BY id LIMIT $3)`, border, db.Micros(before), limit)
		return err
	})
	return deleted > 0, err
}
