package record

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"

	"github.com/dure-commerce/dure/internal/kit/db"
)

//go:embed schema/*.sql
var schemaFiles embed.FS

// schemaSteps is the ordered list of what has to be run; the number of a step is its place, from 1.
var schemaSteps = [...]string{"schema/0001_record.sql"}

// ref names a row.
type ref struct{ kind, key string }

// change is a row's new value, nil when it was deleted.
type change struct {
	ref
	row any
}

// journal writes changes in order, many steps in one flush.
type journal struct {
	db *db.DB

	mu      sync.Mutex
	flushed *sync.Cond
	pending map[ref]any
	order   []ref // of pending, so that a flush is the same for the same steps
	added   uint64
	written uint64
	busy    bool
	err     error
}

func newJournal(d *db.DB) *journal {
	j := &journal{db: d, pending: map[ref]any{}}
	j.flushed = sync.NewCond(&j.mu)
	return j
}

// add hands over the changes of one step and gives its number. The rows are never changed afterwards.
func (j *journal) add(changes []change) uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(changes) == 0 {
		return j.added
	}
	for _, c := range changes {
		if _, ok := j.pending[c.ref]; !ok {
			j.order = append(j.order, c.ref)
		}
		j.pending[c.ref] = c.row
	}
	j.added++
	return j.added
}

func (j *journal) last() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.added
}

// wait returns once step upTo is on disk. Whoever finds no flush running does the flush for all who wait.
func (j *journal) wait(ctx context.Context, upTo uint64) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	for j.written < upTo && j.err == nil {
		if j.busy {
			j.flushed.Wait()
			continue
		}
		j.busy = true
		batch, order, last := j.pending, j.order, j.added
		j.pending, j.order = make(map[ref]any, len(batch)), nil
		j.mu.Unlock()
		// The flush serves others too: a caller that went away does not cut it short.
		err := j.write(context.WithoutCancel(ctx), order, batch)
		j.mu.Lock()
		j.busy = false
		if err != nil {
			j.err = ErrStopped.Wrap(err)
		} else {
			j.written = last
		}
		j.flushed.Broadcast()
	}
	return j.err
}

var recordInsert = db.Insert{
	Table:      "sandbox_record",
	Columns:    []string{"kind", "id", "body"},
	OnConflict: "ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
}

func (j *journal) write(ctx context.Context, order []ref, batch map[ref]any) error {
	rows := make([][]any, 0, len(order))
	var gone []ref
	for _, r := range order {
		row := batch[r]
		if row == nil {
			gone = append(gone, r)
			continue
		}
		body, err := json.Marshal(row)
		if err != nil {
			return fmt.Errorf("%s %s: %w", r.kind, r.key, err)
		}
		rows = append(rows, []any{r.kind, r.key, string(body)})
	}
	return j.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := db.InsertMany(ctx, tx, recordInsert, rows); err != nil {
			return err
		}
		for _, r := range gone {
			if _, err := db.Exec(ctx, tx, "DELETE FROM sandbox_record WHERE kind = $1 AND id = $2", r.kind, r.key); err != nil {
				return err
			}
		}
		return nil
	})
}

// migrate runs the schema steps that the version table does not know yet.
func (j *journal) migrate(ctx context.Context) error {
	return j.db.Write(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx,
			"CREATE TABLE IF NOT EXISTS sandbox_schema (version bigint PRIMARY KEY, at bigint NOT NULL)")
		if err != nil {
			return err
		}
		have, err := db.One(ctx, tx, db.Scalar[int64], "SELECT count(*) FROM sandbox_schema")
		if err != nil {
			return err
		}
		if have > int64(len(schemaSteps)) {
			return fmt.Errorf("the sandbox's database is at schema %d, this program knows %d", have, len(schemaSteps))
		}
		for i, name := range schemaSteps[have:] {
			if err := runFile(ctx, tx, name); err != nil {
				return err
			}
			version := have + int64(i) + 1
			_, err := db.Exec(ctx, tx, "INSERT INTO sandbox_schema (version, at) VALUES ($1, $2)", version, db.Micros(tx.Now()))
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func runFile(ctx context.Context, tx *db.Tx, name string) error {
	text, err := schemaFiles.ReadFile(name)
	if err != nil {
		return err
	}
	for statement := range strings.SplitSeq(string(text), ";") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if _, err := db.Exec(ctx, tx, statement); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

type storedRow struct {
	kind, key, body string
}

// read hands over every row, in slices, so that a long history does not stand in memory twice.
func (j *journal) read(ctx context.Context, each func(kind, key string, body []byte) error) error {
	const slice = 2_000
	kind, key := "", ""
	for {
		rows, err := db.All(ctx, j.db, func(r db.Row) (storedRow, error) {
			var s storedRow
			err := r.Scan(&s.kind, &s.key, &s.body)
			return s, err
		}, `SELECT kind, id, body FROM sandbox_record WHERE (kind, id) > ($1, $2)
			ORDER BY kind, id LIMIT $3`, kind, key, slice)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if err := each(r.kind, r.key, []byte(r.body)); err != nil {
				return err
			}
			kind, key = r.kind, r.key
		}
		if len(rows) < slice {
			return nil
		}
	}
}
