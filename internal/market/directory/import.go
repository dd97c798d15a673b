package directory

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// Tally counts what became of a load's rows. Unmatched rows were taken, but not in a neighbourhood.
type Tally struct {
	Rows, New, Changed, Unchanged, Refused, Unmatched int64
}

// ImportState is how a load stands.
type ImportState string

// The states of a load. One that a crash ended stays running; its time tells.
const (
	ImportRunning ImportState = "running"
	ImportDone    ImportState = "done"
	ImportStopped ImportState = "stopped" // cancelled or failed: run again, it goes on
)

// Import is one load of the register, for the operator's list.
type Import struct {
	ID         string
	File       string
	Actor      string
	State      ImportState
	Tally      Tally
	StartedAt  time.Time
	FinishedAt time.Time
}

// StartImport notes that a load begins and gives its id.
func StartImport(ctx context.Context, tx *db.Tx, file, actor string) (string, error) {
	id := tx.NewID("imp")
	_, err := db.Exec(ctx, tx, `INSERT INTO directory_import (id, file, actor, state, rows_read, rows_new, rows_changed,
		rows_unchanged, rows_refused, rows_unmatched, started_at) VALUES ($1, $2, $3, 'running', 0, 0, 0, 0, 0, 0, $4)`,
		id, printable(file), actor, db.Micros(tx.Now()))
	return id, err
}

// FinishImport notes how a load ended. Nothing is noted twice.
func FinishImport(ctx context.Context, tx *db.Tx, id string, state ImportState, t Tally) error {
	_, err := db.Exec(ctx, tx, `UPDATE directory_import SET state = $2, rows_read = $3, rows_new = $4, rows_changed = $5,
		rows_unchanged = $6, rows_refused = $7, rows_unmatched = $8, finished_at = $9 WHERE id = $1 AND state = 'running'`,
		id, state, t.Rows, t.New, t.Changed, t.Unchanged, t.Refused, t.Unmatched, db.Micros(tx.Now()))
	return err
}

// Imports gives the latest loads, newest first.
func Imports(ctx context.Context, q db.Querier, limit int) ([]Import, error) {
	return db.All(ctx, q, func(row db.Row) (Import, error) {
		var i Import
		err := row.Scan(&i.ID, &i.File, &i.Actor, &i.State, &i.Tally.Rows, &i.Tally.New, &i.Tally.Changed,
			&i.Tally.Unchanged, &i.Tally.Refused, &i.Tally.Unmatched, db.Time(&i.StartedAt), db.Time(&i.FinishedAt))
		return i, err
	}, `SELECT id, file, actor, state, rows_read, rows_new, rows_changed, rows_unchanged, rows_refused, rows_unmatched,
		started_at, finished_at FROM directory_import ORDER BY id DESC LIMIT $1`, min(max(limit, 1), PageMax))
}
