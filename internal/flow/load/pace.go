package load

import (
	"context"
	"time"

	"github.com/dure-commerce/dure/internal/kit/db"
)

// Bounds of a chunk. The writer may be held for 20 ms by background work (decision 12); aiming at half of it leaves room
// for a slow flush.
const (
	holdAim       = 10 * time.Millisecond
	chunkRowsMin  = 16
	chunkRowsMax  = 1024
	chunkRowsFrom = 128
)

// pacer writes rows in chunks that fit the time it aims at, learning from each how many rows that is.
type pacer struct {
	db      *db.DB
	rows    int
	longest time.Duration // the longest time the writer was held
	chunks  int
}

func newPacer(d *db.DB) *pacer { return &pacer{db: d, rows: chunkRowsFrom} }

// write runs fn once over every chunk of n rows, each in a transaction of its own. Between two chunks the writer is free,
// and whoever has waited for it longest goes first.
func (p *pacer) write(ctx context.Context, n int, fn func(tx *db.Tx, from, to int) error) error {
	for from := 0; from < n; {
		to := min(from+p.rows, n)
		var began time.Time
		err := p.db.Write(ctx, func(tx *db.Tx) error {
			began = tx.Now()
			return fn(tx, from, to)
		})
		if err != nil {
			return err
		}
		p.learn(to-from, p.db.Clock().Now().Sub(began))
		from = to
	}
	return nil
}

func (p *pacer) learn(rows int, held time.Duration) {
	p.chunks++
	p.longest = max(p.longest, held)
	switch {
	case held > holdAim:
		p.rows = max(p.rows/2, chunkRowsMin)
	case held < holdAim/2 && rows == p.rows:
		p.rows = min(p.rows*2, chunkRowsMax)
	}
}
