package db

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db/pulse"
)

const attemptsMax = 12

// Tx is a write transaction, and an instant.
type Tx struct {
	db      *DB
	run     runner
	now     time.Time
	events  []Event
	jobs    []Job
	touched map[string]int64
	late    [2][]func(ctx context.Context) error
	flushed Committed // of events and jobs
	after   []func()
	stirred []*Watch // of whose tables a statement spoke
}

// ReadTx is a consistent view for several reads.
type ReadTx struct {
	db  *DB
	run querier
	now time.Time
}

// Event is something that happened, told in the transaction in which it did. Payload is written as JSON and holds
// ids and amounts only.
type Event struct {
	Kind      string // "order.paid"
	Aggregate string // the id whose history this is a step of
	Version   int64  // the aggregate's version after the step
	Payload   any
}

// Job is work to be done later by kit/queue. Key makes it unique among unfinished and finished jobs of its kind;
// "" means a fresh one each time. Due zero means now.
type Job struct {
	Kind    string
	Key     string
	Payload any
	Due     time.Time
}

// Now is the instant of the transaction; it does not move while the transaction runs.
func (tx *Tx) Now() time.Time { return tx.now }

// NewID makes an id with the given prefix.
func (tx *Tx) NewID(prefix string) string { return tx.db.opts.IDs.New(prefix) }

// RandomBytes gives n random bytes.
func (tx *Tx) RandomBytes(n int) []byte { return tx.db.opts.IDs.Bytes(n) }

// Engine tells which engine runs the transaction.
func (tx *Tx) Engine() Engine { return tx.db.engine }

// Emit writes an event with the transaction.
func (tx *Tx) Emit(e Event) { tx.events = append(tx.events, e) }

// Enqueue writes a job with the transaction.
func (tx *Tx) Enqueue(j Job) { tx.jobs = append(tx.jobs, j) }

// Touch tells live screens, after the commit, that a topic now has this version.
func (tx *Tx) Touch(topic string, version int64) {
	if tx.touched == nil {
		tx.touched = map[string]int64{}
	}
	if version > tx.touched[topic] {
		tx.touched[topic] = version
	}
}

// AfterCommit runs fn once the transaction has committed, and never otherwise. It must not fail.
func (tx *Tx) AfterCommit(fn func()) { tx.after = append(tx.after, fn) }

// Late runs fn when all else is written, before what Last was given: for rows that several transactions want at once.
// Whoever waits for such a row waits for little more than the commit. Locks stay in one order: what is late, by key;
// then what is last.
func (tx *Tx) Late(fn func(ctx context.Context) error) { tx.late[0] = append(tx.late[0], fn) }

// Last runs fn at the very end of the transaction: for rows that every transaction wants.
func (tx *Tx) Last(fn func(ctx context.Context) error) { tx.late[1] = append(tx.late[1], fn) }

// CatchUp runs now what was to be late and last, for a step that must see it.
func (tx *Tx) CatchUp(ctx context.Context) error {
	for i := range tx.late {
		for len(tx.late[i]) > 0 {
			fn := tx.late[i][0]
			tx.late[i] = tx.late[i][1:]
			if err := fn(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// Now is the instant of the view.
func (r *ReadTx) Now() time.Time { return r.now }

// Write runs fn in one write transaction and commits. fn may run several times: it must reset what it captures.
func (d *DB) Write(ctx context.Context, fn func(tx *Tx) error) error {
	if d.opts.ReadOnly {
		return ErrBusy.Wrap(errors.New("database is open for reading only"))
	}
	if why := d.Refusal(); why != nil {
		return why
	}
	var err error
	for attempt := range attemptsMax {
		if attempt > 0 {
			if pauseErr := d.pause(ctx, attempt); pauseErr != nil {
				return pauseErr
			}
		}
		if err = d.writeOnce(ctx, fn); err == nil || !isRetryable(err) {
			break
		}
		d.opts.Log.Debug("transaction runs again", "attempt", attempt+1, "error", err)
	}
	if err != nil && (isRetryable(err) || isUnavailable(err)) {
		return ErrBusy.Wrap(err)
	}
	return err
}

// pause waits a random part of a doubling, capped time, so that rivals do not meet again.
func (d *DB) pause(ctx context.Context, attempt int) error {
	limit := min(time.Millisecond<<attempt, 100*time.Millisecond)
	b := d.opts.IDs.Bytes(2)
	part := time.Duration(int(b[0])<<8|int(b[1])) * limit / (1 << 16)
	timer := time.NewTimer(part)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

func (d *DB) writeOnce(ctx context.Context, fn func(tx *Tx) error) error {
	run, err := d.begin(ctx)
	if err != nil {
		return d.seen(err)
	}
	tx := &Tx{db: d, run: run, now: d.opts.Clock.Now()}
	finished := false
	defer func() {
		if !finished { // a panic in fn: roll back and let it go on
			run.rollback()
		}
	}()
	if err := fn(tx); err == nil {
		err = tx.finish(ctx)
		if err == nil {
			err = run.commit(ctx)
		}
		if err != nil {
			finished = true
			err = d.seen(err) // before another may begin
			run.rollback()
			return err
		}
	} else {
		finished = true
		err = d.seen(err)
		run.rollback()
		return err
	}
	finished = true
	tx.stir() // before the writer is free: who reads what was written must not find an old mark
	run.release()
	d.committed(tx)
	return nil
}

func (d *DB) committed(tx *Tx) {
	for _, fn := range tx.after {
		fn()
	}
	if len(tx.events) == 0 && len(tx.jobs) == 0 && len(tx.touched) == 0 {
		return
	}
	d.mu.RLock()
	hooks := d.onCommit
	d.mu.RUnlock()
	for _, fn := range hooks {
		fn(Committed{Events: len(tx.events), Jobs: len(tx.jobs), Touched: tx.touched})
	}
}

var (
	eventInsert = Insert{
		Table:   "kit_event",
		Columns: []string{"id", "kind", "aggregate", "version", "payload", "at"},
	}
	jobInsert = Insert{
		Table:      "kit_job",
		Columns:    []string{"id", "kind", "key", "payload", "due_at", "created_at", "state"},
		OnConflict: "ON CONFLICT (kind, key) DO NOTHING",
	}
)

// finish writes events and jobs, which hold no hot row, then what is late and last, and of what that told.
func (tx *Tx) finish(ctx context.Context) error {
	if err := tx.flush(ctx); err != nil {
		return err
	}
	if len(tx.late[0])+len(tx.late[1]) == 0 {
		return nil
	}
	if err := tx.CatchUp(ctx); err != nil {
		return err
	}
	return tx.flush(ctx)
}

// flush writes the events and jobs that were not written yet.
func (tx *Tx) flush(ctx context.Context) error {
	now := Micros(tx.now)
	events, jobs := tx.events[tx.flushed.Events:], tx.jobs[tx.flushed.Jobs:]
	tx.flushed.Events, tx.flushed.Jobs = len(tx.events), len(tx.jobs)
	rows := make([][]any, 0, len(events))
	for _, e := range events {
		payload, err := json.Marshal(e.Payload)
		if err != nil {
			return fmt.Errorf("event %s: %w", e.Kind, err)
		}
		rows = append(rows, []any{tx.NewID("evt"), e.Kind, e.Aggregate, e.Version, string(payload), now})
	}
	if _, err := InsertMany(ctx, tx, eventInsert, rows); err != nil {
		return err
	}
	rows = make([][]any, 0, len(jobs))
	for _, j := range jobs {
		payload, err := json.Marshal(j.Payload)
		if err != nil {
			return fmt.Errorf("job %s: %w", j.Kind, err)
		}
		jobID, key, due := tx.NewID("job"), j.Key, now
		if key == "" {
			key = jobID
		}
		if !j.Due.IsZero() {
			due = Micros(j.Due)
		}
		rows = append(rows, []any{jobID, j.Kind, key, string(payload), due, now, "ready"})
	}
	_, err := InsertMany(ctx, tx, jobInsert, rows)
	return err
}

// Read runs fn on one consistent view of the database.
func (d *DB) Read(ctx context.Context, fn func(r *ReadTx) error) error {
	if d.opts.Alone {
		return fn(&ReadTx{db: d, run: d.alone(), now: d.opts.Clock.Now()})
	}
	if d.engine == SQLite {
		reader, err := d.liteReaders.Take(ctx)
		if err != nil {
			return d.unavailable(err)
		}
		defer d.liteReaders.Give(reader)
		return reader.View(ctx, func() error { return fn(&ReadTx{db: d, run: lent{reader}, now: d.opts.Clock.Now()}) })
	}
	if d.isAway() {
		return ErrBusy.Wrap(pulse.ErrAway)
	}
	opts := &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead}
	inner, err := d.readers.BeginTx(ctx, opts)
	if err != nil {
		return d.unavailable(err)
	}
	defer func() { _ = inner.Rollback() }() // a view has nothing to commit
	return fn(&ReadTx{db: d, run: &sqlRunner{db: d, tx: inner}, now: d.opts.Clock.Now()})
}

// isAway tells that the database does not answer at all just now.
func (d *DB) isAway() bool { return d.pulse != nil && d.pulse.Away() }

func (d *DB) unavailable(err error) error {
	if errors.Is(err, ErrBusy) {
		return err
	}
	if isRetryable(err) || isUnavailable(err) {
		return ErrBusy.Wrap(err)
	}
	return err
}
