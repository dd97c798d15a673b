package doctor

import (
	"context"
	"strconv"
	"time"

	"github.com/dure-commerce/dure/internal/doctor/rows"
	"github.com/dure-commerce/dure/internal/kit/db"
	"github.com/dure-commerce/dure/internal/schema"
)

// How long background work may lag when all is well.
const (
	jobGrace     = time.Hour
	sessionGrace = 24 * time.Hour
)

// kitQuestions are those of the program's own tables (77–79, 81).
func kitQuestions() []Question {
	return []Question{
		{Name: "events", Walk: walkEvents},
		{Name: "jobs", Walk: walkJobs},
		{Name: "sessions", Walk: walkSessions},
	}
}

// schemaQuestion comes before all others: what asks a table that is not there yet can only fail.
func schemaQuestion() Question { return Question{Name: "schema", Walk: walkSchema, Gate: true} }

// walkSchema: every migration was applied, no other was, and what each asserts of its tables holds (81).
func walkSchema(ctx context.Context, w *Walk) error {
	list, err := schema.List()
	if err != nil {
		return err
	}
	missing := map[int64]string{}
	for _, m := range list {
		missing[m.Version] = m.Name
	}
	err = w.Once(ctx, func(r *db.ReadTx) (int, error) {
		applied, err := db.All(ctx, r, db.Scalar[int64], `SELECT version_id FROM kit_migration WHERE version_id > 0
 ORDER BY version_id`)
		for _, version := range applied {
			if _, known := missing[version]; !known {
				w.Found(81, "migration_unknown", strconv.FormatInt(version, 10))
			}
			delete(missing, version)
		}
		return len(applied), err
	})
	if err != nil {
		return err
	}
	for _, m := range list {
		if _, open := missing[m.Version]; open {
			w.Found(81, "migration_missing", m.Name)
		}
	}
	if len(w.answer.Findings) > 0 {
		return nil
	}
	for _, m := range list {
		if err := w.assertions(ctx, m.Name); err != nil {
			return err
		}
	}
	return nil
}

func (w *Walk) assertions(ctx context.Context, folder string) error {
	queries, err := schema.Assertions(folder, "after")
	if err != nil {
		return err
	}
	for _, query := range queries {
		err := w.Once(ctx, func(r *db.ReadTx) (int, error) {
			rows, err := db.All(ctx, r, db.Scalar[string], query)
			for _, row := range rows {
				w.Found(81, "migration_assertion", row, "Migration", folder)
			}
			return len(rows), err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

type numbered struct {
	id  string
	seq int64
}

// walkEvents: the feed's numbers have no gap, and end at its head; nothing waits long for a number (77).
func walkEvents(ctx context.Context, w *Walk) error {
	last := int64(0)
	err := w.Slices(ctx, func(r *db.ReadTx, _ string) (string, int, error) {
		rows, err := db.All(ctx, r, func(r db.Row) (numbered, error) {
			var n numbered
			err := r.Scan(&n.id, &n.seq)
			return n, err
		}, `SELECT id, seq FROM kit_event WHERE seq > $1 ORDER BY seq LIMIT $2`, last, w.Limit())
		if err != nil {
			return "", 0, err
		}
		for _, row := range rows {
			if row.seq != last+1 {
				w.Found(77, "event_gap", strconv.FormatInt(last+1, 10), "Next", row.seq, "Event", row.id)
			}
			last = row.seq
		}
		if len(rows) > 0 {
			return strconv.FormatInt(last, 10), len(rows), nil
		}
		head, err := db.One(ctx, r, db.Scalar[int64], `SELECT seq FROM kit_feed WHERE name = 'events'`)
		if err == nil && head != last {
			w.Found(77, "event_head", strconv.FormatInt(last+1, 10), "Head", head)
		}
		return "", 0, err
	})
	if err != nil || w.options.Resting {
		return err
	}
	return w.list(ctx, rows.Unnumbered())
}

// walkJobs: no work waits for a person, and none beyond its time (78).
func walkJobs(ctx context.Context, w *Walk) error {
	err := w.jobs(ctx, "job_stuck", `SELECT id, kind, last_error, due_at FROM kit_job WHERE id > $1 AND state = 'stuck'
 AND created_at <= $2 ORDER BY id LIMIT $3`, w.Now())
	if err != nil || w.options.Resting {
		return err
	}
	before := w.Now().Add(-jobGrace)
	return w.jobs(ctx, "job_late", `SELECT id, kind, last_error, due_at FROM kit_job WHERE id > $1 AND state = 'ready'
 AND due_at < $2 AND lease_until < $2 ORDER BY id LIMIT $3`, before)
}

type waitingJob struct {
	id, kind, why string
	due           time.Time
}

func (w *Walk) jobs(ctx context.Context, code, text string, before time.Time) error {
	return w.Slices(ctx, func(r *db.ReadTx, after string) (string, int, error) {
		jobs, err := db.All(ctx, r, func(r db.Row) (waitingJob, error) {
			var j waitingJob
			err := r.Scan(&j.id, &j.kind, &j.why, db.Time(&j.due))
			return j, err
		}, text, after, db.Micros(before), w.Limit())
		if err != nil || len(jobs) == 0 {
			return "", 0, err
		}
		for _, j := range jobs {
			w.Found(78, code, j.id, "Kind", j.kind, "Why", j.why, "Due", j.due)
		}
		return jobs[len(jobs)-1].id, len(jobs), nil
	})
}

// walkSessions: what has ended is forgotten within a day (79). The key itself is a secret and is not told.
func walkSessions(ctx context.Context, w *Walk) error {
	if w.options.Resting {
		return nil
	}
	return w.Once(ctx, func(r *db.ReadTx) (int, error) {
		left, err := db.One(ctx, r, db.Scalar[int64], `SELECT count(*) FROM kit_session WHERE expires_at < $1`,
			db.Micros(w.Now().Add(-sessionGrace)))
		if err == nil && left > 0 {
			w.Found(79, "session_left", "kit_session", "Count", left)
		}
		return 1, err
	})
}
