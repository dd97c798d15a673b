package settlement

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// RunKind is a kind of work that is done once a day.
type RunKind string

// The kinds of runs.
const (
	RunStatements   RunKind = "statements"
	RunDrafts       RunKind = "drafts" // statements without uses: corrections and shares only
	RunPayouts      RunKind = "payouts"
	RunGateway      RunKind = "gateway"      // the gateway's settlement file of a day of pay-out
	RunTransactions RunKind = "transactions" // the gateway's list of captures and cancels
	RunSegregation  RunKind = "segregation"
	RunSweep        RunKind = "sweep"
	RunReminders    RunKind = "reminders"
)

// Run is the work of one kind for one day: how far it came.
type Run struct {
	Kind      RunKind
	Day       string
	Cursor    string // id after which it goes on
	Done      int64  // pieces done
	StartedAt time.Time
	NextAt    time.Time // not before this instant
	EndedAt   time.Time // zero while it goes on
	Note      string
}

// Over reports a run that is complete.
func (r Run) Over() bool { return !r.EndedAt.IsZero() }

// Waits reports a run that is to be looked at again only later.
func (r Run) Waits(now time.Time) bool { return now.Before(r.NextAt) }

const runColumns = `kind, day, cursor_id, done, started_at, next_at, ended_at, note`

func scanRun(r db.Row) (Run, error) {
	var x Run
	err := r.Scan(&x.Kind, &x.Day, &x.Cursor, &x.Done, db.Time(&x.StartedAt), db.Time(&x.NextAt), db.Time(&x.EndedAt),
		&x.Note)
	return x, err
}

// LastRun gives the youngest run of a kind, or ErrNotFound.
func LastRun(ctx context.Context, q db.Querier, kind RunKind) (Run, error) {
	return found(db.One(ctx, q, scanRun, `SELECT `+runColumns+` FROM settlement_run WHERE kind = $1
 ORDER BY day DESC LIMIT 1`, string(kind)))
}

// Runs lists runs of a kind, the youngest first.
func Runs(ctx context.Context, q db.Querier, kind RunKind, limit int) ([]Run, error) {
	return db.All(ctx, q, scanRun, `SELECT `+runColumns+` FROM settlement_run WHERE kind = $1
 ORDER BY day DESC LIMIT $2`, string(kind), limit)
}

// OpenRun gives the run of a day to go on with; over tells that there is nothing to do: the day's run is complete, or
// it waits. A run is made when it is first asked for.
func OpenRun(ctx context.Context, q db.Querier, kind RunKind, day string, now time.Time) (r Run, over bool, err error) {
	r, err = found(db.One(ctx, q, scanRun, `SELECT `+runColumns+` FROM settlement_run WHERE kind = $1 AND day = $2`,
		string(kind), day))
	if isNotFound(err) {
		return Run{Kind: kind, Day: day, StartedAt: now}, false, nil
	}
	return r, err != nil || r.Over() || r.Waits(now), err
}

// NextRun gives the oldest day, not after the given one, whose run is not complete: days that were missed are caught
// up. Before the first run of a kind, the given day is the first.
func NextRun(ctx context.Context, q db.Querier, kind RunKind, day string, now time.Time) (r Run, over bool, err error) {
	last, err := LastRun(ctx, q, kind)
	switch {
	case isNotFound(err):
		return OpenRun(ctx, q, kind, day, now)
	case err != nil:
		return r, true, err
	case !last.Over():
		return last, last.Waits(now), nil
	case last.Day >= day:
		return last, true, nil
	}
	return OpenRun(ctx, q, kind, After(last.Day), now)
}

// Progress is how far a step brought a run.
type Progress struct {
	Cursor string // "" keeps it
	Done   int64
	Over   bool
	Wait   time.Duration
	Note   string
}

// Advance writes how far a run came; false when another node was there first.
func Advance(ctx context.Context, tx *db.Tx, r Run, p Progress) (bool, error) {
	var ended any
	if p.Over {
		ended = db.Micros(tx.Now())
	}
	cursor := r.Cursor
	if p.Cursor != "" {
		cursor = p.Cursor
	}
	n, err := db.Exec(ctx, tx, `INSERT INTO settlement_run (kind, day, cursor_id, done, started_at, next_at, ended_at,
 note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (kind, day) DO UPDATE SET cursor_id = excluded.cursor_id,
 done = settlement_run.done + excluded.done, next_at = excluded.next_at, ended_at = excluded.ended_at,
 note = excluded.note WHERE settlement_run.cursor_id = $9 AND settlement_run.ended_at IS NULL`,
		string(r.Kind), r.Day, cursor, p.Done, db.Micros(r.StartedAt), db.Micros(tx.Now().Add(p.Wait)), ended, p.Note,
		r.Cursor)
	return n == 1, err
}

// Wake makes a waiting run due at once.
func Wake(ctx context.Context, tx *db.Tx, kind RunKind, day string) error {
	_, err := db.Exec(ctx, tx, `UPDATE settlement_run SET next_at = $3 WHERE kind = $1 AND day = $2
 AND ended_at IS NULL`, string(kind), day, db.Micros(tx.Now()))
	return err
}

// Fresh reports a run of which nothing was done.
func (r Run) Fresh() bool { return r.Cursor == "" && r.Done == 0 }
