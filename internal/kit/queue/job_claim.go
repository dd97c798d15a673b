package queue

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// kindIn keeps SQLite from looking for due jobs by their kind, which would read every job that was ever done.
const kindIn = `kind || '' IN`

const jobFields = `id, kind, key, payload, attempts, created_at`

func scanJob(r db.Row) (Job, error) {
	var j Job
	err := r.Scan(&j.ID, &j.Kind, &j.Key, &j.Payload, &j.Attempt, db.Time(&j.Created))
	return j, err
}

// A claim moves due_at to the lease's end: a leased job is simply not due before its lease has run out, and the one
// index on due_at finds the next work without stepping over leased rows.
var leaseUpdate = db.Update{
	Table:     "kit_job",
	Columns:   []db.Column{{Name: "id", Type: "text"}, {Name: "until", Type: "bigint"}, {Name: "claim", Type: "text"}},
	Set:       "due_at = v.until, lease_until = v.until, lease_holder = v.claim, attempts = kit_job.attempts + 1",
	Where:     "kit_job.id = v.id AND kit_job.state = 'ready'",
	Returning: "kit_job.id",
}

// claim takes at most n due jobs of kinds that have room on this node.
func (q *Queue) claim(ctx context.Context, n int) ([]Job, error) {
	room := q.room()
	if n <= 0 || len(room) == 0 {
		return nil, nil
	}
	due, err := q.anyDue(ctx, room)
	if err != nil || !due {
		return nil, err
	}
	var jobs []Job
	err = q.d.Write(ctx, func(tx *db.Tx) error {
		jobs = nil
		// More candidates than needed, because some may be of a kind whose room is used up by those before them.
		text := `SELECT ` + jobFields + ` FROM kit_job WHERE state = 'ready' AND due_at <= $1 AND ` + kindIn + ` (` +
			places(2, len(q.names)) + `) ORDER BY due_at, id LIMIT ` + strconv.Itoa(4*q.opts.Batch) + tx.Claim()
		found, err := db.All(ctx, tx, scanJob, text, q.claimArgs(tx.Now(), room)...)
		if err != nil {
			return err
		}
		until := tx.Now().Add(q.opts.Lease)
		left := make(map[string]int, len(room))
		for kind, free := range room {
			left[kind] = free
		}
		var rows [][]any
		for _, j := range found {
			if len(jobs) == n {
				break
			}
			if left[j.Kind] == 0 {
				continue
			}
			left[j.Kind]--
			j.claim, j.until, j.finished = q.opts.Node+"/"+tx.NewID("clm"), until, &atomic.Bool{}
			j.Attempt++
			jobs = append(jobs, j)
			rows = append(rows, []any{j.ID, db.Micros(until), j.claim})
		}
		slices.SortFunc(rows, func(a, b []any) int { return strings.Compare(a[0].(string), b[0].(string)) })
		taken, err := db.UpdateMany(ctx, tx, leaseUpdate, rows)
		if err != nil {
			return err
		}
		jobs = slices.DeleteFunc(jobs, func(j Job) bool { return !slices.Contains(taken, j.ID) })
		return nil
	})
	if err != nil {
		return nil, err
	}
	return jobs, nil
}

// anyDue looks with a reader first, so that an idle queue never takes the writer.
func (q *Queue) anyDue(ctx context.Context, room map[string]int) (bool, error) {
	text := `SELECT id FROM kit_job WHERE state = 'ready' AND due_at <= $1 AND ` + kindIn + ` (` +
		places(2, len(q.names)) + `) LIMIT 1`
	_, err := db.One(ctx, q.d, db.Scalar[string], text, q.claimArgs(q.d.Clock().Now(), room)...)
	if db.IsNoRow(err) {
		return false, nil
	}
	return err == nil, err
}

// nextDue is when the earliest waiting job of our kinds is due; ok is false when none waits.
func (q *Queue) nextDue(ctx context.Context) (due time.Time, ok bool, err error) {
	if len(q.names) == 0 {
		return time.Time{}, false, nil
	}
	text := `SELECT due_at FROM kit_job WHERE state = 'ready' AND ` + kindIn + ` (` +
		places(1, len(q.names)) + `) ORDER BY due_at LIMIT 1`
	args := make([]any, 0, len(q.names))
	for _, name := range q.names {
		args = append(args, name)
	}
	us, err := db.One(ctx, q.d, db.Scalar[int64], text, args...)
	if db.IsNoRow(err) {
		return time.Time{}, false, nil
	}
	return db.FromMicros(us), err == nil, err
}

// room is how many more jobs of each kind may run here.
func (q *Queue) room() map[string]int {
	q.mu.Lock()
	defer q.mu.Unlock()
	out := make(map[string]int, len(q.names))
	for _, name := range q.names {
		if free := q.kinds[name].policy.AtOnce - q.running[name]; free > 0 {
			out[name] = free
		}
	}
	return out
}

// claimArgs keeps one text whatever kinds have room: a kind without room leaves its place empty.
func (q *Queue) claimArgs(now time.Time, room map[string]int) []any {
	args := make([]any, 0, 1+len(q.names))
	args = append(args, db.Micros(now))
	for _, name := range q.names {
		if room[name] == 0 {
			name = ""
		}
		args = append(args, name)
	}
	return args
}

// places writes "$first, $first+1, …", n of them.
func places(first, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(first+i))
	}
	return b.String()
}
