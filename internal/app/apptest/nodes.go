package apptest

import (
	"context"
	"sync"
	"time"

	"github.com/dure-commerce/dure/internal/app"
	"github.com/dure-commerce/dure/internal/kit/db"
)

// OtherNode is a second node over the world's database and gateway: its own lanes, its own memory of what it placed.
func (w *World) OtherNode() *app.Core {
	w.T.Helper()
	o := w.CoreOptions
	o.Node = "another"
	core, err := app.NewCore(o)
	w.Must(err)
	w.T.Cleanup(core.Close)
	return core
}

// Meet keeps rows of a table locked while steps run until every one of them waits for a lock, having decided what to
// write; then it runs before, which may be nil, lets go, and waits for the steps. Writers of SQLite come one after
// another from their beginning: there is nothing that could be held, and steps only run at once.
func (w *World) Meet(table, id string, before func(), steps ...func()) {
	w.T.Helper()
	var all sync.WaitGroup
	w.Must(w.DB.Write(w.Ctx, func(tx *db.Tx) error {
		_, err := db.Exec(w.Ctx, tx, `UPDATE `+table+` SET id = id WHERE id = $1`, id)
		for _, step := range steps {
			all.Go(step)
		}
		if w.DB.Engine() == db.Postgres {
			w.waiting(int64(len(steps)))
			if before != nil {
				before()
			}
		}
		return err
	}))
	all.Wait()
}

// waiting returns when so many connections to the database wait for a lock.
func (w *World) waiting(want int64) {
	w.T.Helper()
	ctx, stop := context.WithTimeout(w.Ctx, time.Minute)
	defer stop()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		n, err := db.One(ctx, w.DB, db.Scalar[int64], `SELECT count(*) FROM pg_stat_activity
 WHERE datname = current_database() AND wait_event_type = 'Lock'`)
		if err != nil || n >= want {
			w.Must(err)
			return
		}
		select {
		case <-ctx.Done():
			w.T.Errorf("%d of %d steps wait for a lock", n, want)
			return
		case <-tick.C:
		}
	}
}
